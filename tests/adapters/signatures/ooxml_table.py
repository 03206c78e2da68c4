"""What signatures of docx and xlsx files are worth: `python -m tests.adapters.signatures.ooxml_table`."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.adapters.signatures.ooxml_cases import cases
from tests.adapters.signatures.test_ooxml import judge


def main() -> int:
    """Print the table; 1 where a verdict is not the one expected."""
    differing = 0
    with TemporaryDirectory() as folder:
        for number, case in enumerate(cases(), 1):
            signatures = judge(case, Path(folder))
            found = tuple(each.verdict for each in signatures)
            differing += found != case.verdicts
            mark = " " if found == case.verdicts else "!"
            print(f"{mark}{number:3} {case.name:48} {' '.join(found):18} {signatures[0].cause}")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
