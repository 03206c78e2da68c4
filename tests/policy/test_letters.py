"""Điều 5 khoản 5 điểm a: letters in a code of before Unicode."""

from __future__ import annotations

import tomllib

import pytest

from gateway.model.facts import FileFacts
from gateway.model.finding import Finding, Outcome
from gateway.model.page import TextEncoding
from gateway.model.part import Part, PartDecision
from gateway.policy.active import ActiveTable
from gateway.policy.case import Case, Examined
from gateway.policy.content import ContentRules
from gateway.policy.formats import FormatTable
from gateway.policy.rules.letters import unicode_letters
from gateway.settings import load_settings
from gateway.settings.load import settings_from
from gateway.shipped import shipped
from tests.records import CLEAN, parsed, raw, sha256

POLICY = shipped("config") / "policy"
FORMATS = FormatTable.from_rows(**tomllib.loads((POLICY / "formats.toml").read_text(encoding="utf-8")))
ACTIVE = ActiveTable.from_rows(tomllib.loads((POLICY / "active.toml").read_text(encoding="utf-8"))["content"])
LEGACY = [TextEncoding.TCVN3, TextEncoding.VNI, TextEncoding.VPS]


def findings(encoding: TextEncoding, *notes: str, refuse: bool = False) -> list[Finding]:
    part = Part("2", "cv.doc", "", "", 4, sha256("cv"), PartDecision.DOCUMENT, "tệp")
    facts = FileFacts(part.sha256 or "", 4, "application/msword", encoding=encoding, notes=notes)
    content = ContentRules(FORMATS, ACTIVE, refuse_legacy=refuse)
    return list(unicode_letters(Case(parsed(), raw("thư"), (Examined(part, facts, CLEAN),), (), (), content)))


@pytest.mark.parametrize("encoding", [TextEncoding.UNICODE, TextEncoding.NONE])
@pytest.mark.parametrize("refuse", [False, True])
def test_unicode_and_no_letters_at_all_are_right(encoding: TextEncoding, *, refuse: bool) -> None:
    assert findings(encoding, refuse=refuse) == []


@pytest.mark.parametrize("encoding", LEGACY)
@pytest.mark.parametrize(("refuse", "outcome"), [(False, Outcome.WARN), (True, Outcome.REFUSE)])
def test_a_legacy_code_is_told_by_its_name_with_the_way_to_mend_it(
    encoding: TextEncoding, outcome: Outcome, *, refuse: bool
) -> None:
    (finding,) = findings(encoding, refuse=refuse)
    assert finding.outcome is outcome
    assert finding.clause == "Điều 5 khoản 5 điểm a"
    assert finding.file == "cv.doc"
    for text in (finding.text, finding.remedy):
        assert encoding.name in text
    for step in ("Unikey", "Ctrl+Shift+F6", "Times New Roman"):
        assert step in finding.remedy


def test_what_is_not_certain_after_the_conversion_is_told_to_the_clerk_alone() -> None:
    (finding,) = findings(TextEncoding.TCVN3, "có 3 từ không chắc đúng")
    assert "có 3 từ không chắc đúng" in finding.note
    assert "không chắc" not in finding.text + finding.remedy


@pytest.mark.parametrize(("word", "refused"), [("warn", False), ("refuse", True)])
def test_the_office_decides_whether_legacy_letters_are_taken(word: str, *, refused: bool) -> None:
    settings = settings_from({"documents": {"legacy_letters": word}}, shipped("config"))
    assert settings.content.refuse_legacy is refused
    assert not load_settings().content.refuse_legacy
