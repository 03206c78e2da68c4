"""Without the corpora beside the checkout there are no cases to run, not cases to skip."""

from pathlib import Path

CORPUS = Path(__file__).parents[4] / "shared" / "corpora" / "signed-pdf"

collect_ignore = [] if CORPUS.is_dir() else ["test_pdf_corpus.py"]
