"""Every case and what is said of it: `python -m tests.adapters.signatures.table` prints it as a table."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from gateway.adapters.signatures import validate_signatures
from gateway.model.signature import Signature
from tests.adapters.signatures import table_certificates, table_files, table_revocation
from tests.adapters.signatures.table_case import Case
from tests.adapters.signatures.table_shapes import TODAY

CASES = (*table_certificates.CASES, *table_revocation.CASES, *table_files.CASES)


class Today:
    """A clock that stands a year after the signing."""

    def now(self) -> datetime:
        return TODAY


def judged(case: Case, folder: Path) -> Signature:
    """The signature that the case is about."""
    pdf, anchors = case.make()
    file = folder / "case.pdf"
    file.write_bytes(pdf)
    signatures, _ = validate_signatures(file, anchors, Today())
    return signatures[case.which]


def main() -> None:
    """Print the table, and what differs from what is expected."""
    print("| # | trường hợp | kết luận | thu hồi | nguyên nhân, ghi chú |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(CASES, 1):
            found = judged(case, Path(folder))
            words = "; ".join([found.cause, *found.notes])
            differs = (
                "" if found.verdict is case.verdict and case.word in words else f" **≠ {case.verdict}, {case.word}**"
            )
            print(f"| {number} | {case.name} | {found.verdict}{differs} | {found.revocation} | {words} |")


if __name__ == "__main__":
    main()
