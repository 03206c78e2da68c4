"""Điều 8 khoản 1 điểm a: what is done about content that could run, by its table."""

import tomllib
from collections.abc import Iterable

import pytest

from gateway.model.facts import ActiveContent, ActiveKind, FileFacts
from gateway.model.finding import Finding, Outcome
from gateway.model.part import Part, PartDecision
from gateway.policy.active import ActiveTable
from gateway.policy.case import Case, Examined
from gateway.policy.content import ContentRules
from gateway.policy.formats import FormatTable
from gateway.policy.rules.active import active_content
from gateway.shipped import shipped
from tests.records import CLEAN, parsed, raw, sha256

POLICY = shipped("config") / "policy"
ROWS = tomllib.loads((POLICY / "active.toml").read_text(encoding="utf-8"))["content"]
TABLE = ActiveTable.from_rows(ROWS)
FORMATS = FormatTable.from_rows(**tomllib.loads((POLICY / "formats.toml").read_text(encoding="utf-8")))

REFUSED = {
    *(ActiveKind.AUTO_MACRO, ActiveKind.SUSPICIOUS_MACRO, ActiveKind.XLM_MACRO, ActiveKind.DDE),
    *(ActiveKind.EXTERNAL_TEMPLATE, ActiveKind.LAUNCH, ActiveKind.EQUATION, ActiveKind.RTF_EXPLOIT),
    *(ActiveKind.EXECUTABLE, ActiveKind.BOMB, ActiveKind.POLYGLOT),
}
TOLD_ONLY = {ActiveKind.OLE_OBJECT, ActiveKind.WORKBOOK_LINK}


def findings(*contents: ActiveContent, table: ActiveTable = TABLE) -> list[Finding]:
    part = Part("2", "cv.docx", "", "", 4, sha256("cv"), PartDecision.DOCUMENT, "tệp")
    file = Examined(part, FileFacts(part.sha256 or "", 4, "", active=contents), CLEAN)
    return list(active_content(Case(parsed(), raw("thư"), (file,), (), (), ContentRules(FORMATS, table))))


@pytest.mark.parametrize("kind", ActiveKind)
def test_what_attackers_use_is_refused_and_what_offices_use_only_told(kind: ActiveKind) -> None:
    (finding,) = findings(ActiveContent(kind, "word/document.xml", "chi tiết"))
    expected = Outcome.REFUSE if kind in REFUSED else Outcome.WARN if kind in TOLD_ONLY else Outcome.HOLD
    assert finding.outcome is expected


@pytest.mark.parametrize("kind", ActiveKind)
def test_every_text_says_what_was_found_and_where_and_how_to_mend_it(kind: ActiveKind) -> None:
    (finding,) = findings(ActiveContent(kind, "chỗ thấy", "điều thấy"))
    assert "điều thấy" in finding.text
    assert "chỗ thấy" in finding.text
    assert finding.text.endswith(".")
    assert finding.remedy.endswith(".")
    assert finding.clause == "Điều 8 khoản 1 điểm a"


def test_a_find_without_place_and_detail_still_makes_a_sentence() -> None:
    (finding,) = findings(ActiveContent(ActiveKind.ACTIVEX))
    assert ": không rõ chi tiết; tại nội dung tệp." in finding.text


def test_each_kind_is_told_once_a_file_with_its_places_joined() -> None:
    many = [ActiveContent(ActiveKind.OLE_PACKAGE, f"chỗ {number}", "a.txt") for number in range(1, 6)]
    (finding,) = findings(*many)
    assert "chỗ 1, chỗ 2, chỗ 3 và 2 chỗ khác" in finding.text
    assert finding.text.count("a.txt") == 1


def test_an_address_is_told_so_that_nobody_can_follow_it() -> None:
    (finding,) = findings(ActiveContent(ActiveKind.EXTERNAL_LINK, "word", "http://evil.example/a.png"))
    assert "http[:]//evil.example/a.png" in finding.text


def test_braces_of_a_hostile_file_are_letters_like_others() -> None:
    (finding,) = findings(ActiveContent(ActiveKind.MACRO, "{place}", "{0} {detail.x}"))
    assert "{0} {detail.x}" in finding.text


def test_what_the_table_allows_is_not_told() -> None:
    allowed = ActiveTable.from_rows(changed({"outcome": "allow"}))
    assert findings(ActiveContent(ActiveKind.MACRO), table=allowed) == []


def changed(change: dict[str, object], row: int = 0) -> Iterable[dict[str, object]]:
    return [{**each, **change} if place == row else each for place, each in enumerate(ROWS)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "makro"}, "content[1].kind: không có loại “makro”"),
        ({"kind": ROWS[1]["kind"]}, "content[2].kind: auto_macro đã có"),
        ({"outcome": "drop"}, "content[1].outcome: ghi một trong: allow, warn, hold, refuse"),
        ({"outcome": "seal"}, "content[1].outcome"),
        ({"found": ""}, "content[1].found: phải là chữ, không để trống"),
        ({"mend": 5}, "content[1].mend: phải là chữ, không để trống"),
        ({"found": "Có {plcae}."}, "content[1].found: trong ngoặc nhọn chỉ được ghi {detail}, {place}"),
        ({"found": "Có {detail:x}."}, "content[1].found"),
        ({"found": "Có {."}, "content[1].found: dấu ngoặc nhọn không thành cặp"),
        ({"mend": "Bỏ {detail}."}, "content[1].mend: không được có ngoặc nhọn"),
        ({"colour": "đỏ"}, "content[1]: phải có đúng các khóa"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_faulty_row_is_named_with_its_key(change: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match="content") as caught:
        ActiveTable.from_rows(changed(change))
    assert told in str(caught.value)


def test_every_kind_has_a_row() -> None:
    with pytest.raises(ValueError, match="thiếu dòng cho kind: executable"):
        ActiveTable.from_rows(row for row in ROWS if row["kind"] != "executable")
