"""The corpus test is collected only where the shared corpora stand beside the checkout."""

from __future__ import annotations

from pathlib import Path

CORPUS = Path(__file__).parents[4] / "shared" / "corpora" / "eml"

collect_ignore = [] if CORPUS.is_dir() else ["test_mime_corpus.py"]
