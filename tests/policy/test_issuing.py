"""What must not be issued: secrets, files that nobody can look into, formats that no receiver takes."""

import tomllib
from dataclasses import replace

import pytest

from gateway.model.facts import INSPECTION, FileFacts, Marks, Secrecy
from gateway.policy.formats import FormatTable
from gateway.policy.header.sign import CHECK
from gateway.policy.issuing import ToIssue, objection
from gateway.shipped import shipped

FORMATS = FormatTable.from_rows(
    **tomllib.loads((shipped("config") / "policy" / "formats.toml").read_text(encoding="utf-8"))
)
PLAIN = FileFacts("a" * 64, 9, "application/pdf", pages=1)
PERHAPS = replace(PLAIN, unknown={CHECK: "con dấu chưa đọc được"})


def said_of(*files: ToIssue, words: str = "", not_secret: bool = False) -> str | None:
    return objection(files, [words], FORMATS, not_secret=not_secret)


@pytest.mark.parametrize(
    "facts",
    [
        replace(PLAIN, encrypted=True),
        replace(PLAIN, unknown={INSPECTION: "quá lâu"}),
        replace(PLAIN, type="application/x-dosexec"),
        replace(PLAIN, marks=Marks(Secrecy.MAT)),
    ],
    ids=["password", "unopened", "program", "secret"],
)
def test_one_unfit_file_is_enough_and_nobody_can_vouch_for_it(facts: FileFacts) -> None:
    objected = said_of(ToIssue("cv.pdf", PLAIN), ToIssue("phu-luc.pdf", facts), not_secret=True)
    assert objected is not None
    assert objected.startswith("phu-luc.pdf:")


def test_of_what_only_may_be_a_mark_a_person_has_the_word() -> None:
    assert "--not-secret" in (said_of(ToIssue("cv.pdf", PERHAPS)) or "")
    assert said_of(ToIssue("cv.pdf", PERHAPS), not_secret=True) is None
    assert said_of(ToIssue("cv.pdf", PERHAPS), words="Công văn (MẬT)", not_secret=True) is not None
    assert said_of(ToIssue("cv.pdf", PLAIN), words="Về việc bảo vệ bí mật nhà nước") is None
