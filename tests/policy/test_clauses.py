"""The table of clauses is complete, and says of the rules and tests what is so."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gateway.model.authentication import Authentication, AuthResult, DmarcCheck, Judge
from gateway.model.directory import Party, PartyKind
from gateway.model.exchange import ExchangeBusiness, ExchangeMessage
from gateway.model.facts import ActiveContent, ActiveKind, FileFacts, Marks, Scan, ScanVerdict, Secrecy
from gateway.model.finding import Finding
from gateway.model.mail import MailKind
from gateway.model.page import TextEncoding
from gateway.model.part import Part, PartDecision
from gateway.model.signature import Coverage, Signature, SignatureVerdict, SignerKind
from gateway.policy.active import ActiveTable
from gateway.policy.acts import TABLE
from gateway.policy.case import Candidate, Case, Examined
from gateway.policy.content import ContentRules
from gateway.policy.formats import FormatTable
from gateway.policy.judgement import judge
from gateway.policy.rules import RULES
from gateway.policy.sources.claim import Disagreement
from tests.records import CLEAN, entry, header, parsed, raw, sha256

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "config" / "policy"
REGULATION = ROOT.parent / "shared" / "regulation" / "955-QD-SGTVT.txt"

CLAUSES_OF_THE_REGULATION = 67
CLAUSES_BY_ARTICLE = {1: 2, 2: 5, 3: 7, 4: 4, 5: 7, 6: 4, 7: 1, 8: 7, 9: 3, 10: 4, 11: 9, 12: 6, 13: 2, 14: 3}
ID = re.compile(r"(?:Quyết định )?Điều (\d+)(?: khoản \d+)?(?: điểm [a-zđ])?")
COVERED = {"yes", "partly", "no", "not software"}
KEYS = {"id", "title", "covered", "rules", "tests", "note"}
AN_ACT = "act:"

FORMATS = FormatTable.from_rows(**tomllib.loads((FOLDER / "formats.toml").read_text(encoding="utf-8")))
ACTIVE = ActiveTable.from_rows(tomllib.loads((FOLDER / "active.toml").read_text(encoding="utf-8"))["content"])
NOT_SCANNED = Scan(ScanVerdict.NOT_SCANNED, "ClamAV thử nghiệm", "tệp vượt giới hạn")
INFECTED = Scan(ScanVerdict.INFECTED, "ClamAV thử nghiệm", "Eicar-Test-Signature")


@cache
def table() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads((FOLDER / "clauses.toml").read_text(encoding="utf-8"))["clause"])


def ids() -> list[str]:
    return [clause["id"] for clause in table()]


def by_id() -> dict[str, dict[str, Any]]:
    return {clause["id"]: clause for clause in table()}


def named_tests() -> list[str]:
    return sorted({test for clause in table() for test in clause["tests"]})


def test_every_row_has_the_same_keys_and_a_known_answer() -> None:
    for clause in table():
        assert set(clause) == KEYS, clause["id"]
        assert clause["title"]
        assert clause["covered"] in COVERED, clause["id"]
        assert ID.fullmatch(clause["id"])


def test_every_clause_is_listed_once() -> None:
    """Counted by hand in the regulation's text, for where that text is not at hand."""
    assert len(set(ids())) == len(ids()) == CLAUSES_OF_THE_REGULATION
    assert sum(name.startswith("Quyết định ") for name in ids()) == 3
    articles = [int(found[1]) for name in ids() if (found := ID.fullmatch(name)) and name.startswith("Điều")]
    assert {article: articles.count(article) for article in articles} == CLAUSES_BY_ARTICLE
    assert articles == sorted(articles)


@pytest.mark.corpus
@pytest.mark.parametrize("text", [path for path in [REGULATION] if path.exists()])
def test_the_clauses_are_those_of_the_text_in_its_order(text: Path) -> None:
    assert list(clauses_of(text.read_text(encoding="utf-8"))) == ids()


def clauses_of(text: str) -> Iterator[str]:
    """The smallest units of the text: an article without paragraphs, a paragraph without points, a point."""
    decision, _, annexed = text.partition("\nQUY CHẾ\n")
    for number in re.findall(r"(?m)^Điều (\d+)\.", decision):
        yield f"Quyết định Điều {number}"
    for article in re.split(r"(?m)^(?=Điều \d+\.)", annexed)[1:]:
        name = article[: article.index(".")]
        paragraphs = re.split(r"(?m)^(?=\d+\. )", article)[1:]
        if not paragraphs:
            yield name
        for paragraph in paragraphs:
            numbered = f"{name} khoản {paragraph[: paragraph.index('.')]}"
            points = re.findall(r"(?m)^([a-zđ])\) ", paragraph)
            yield from (f"{numbered} điểm {point}" for point in points) if points else [numbered]


def test_what_is_done_is_shown_by_a_test_and_what_is_not_names_neither_rule_nor_test() -> None:
    for clause in table():
        if clause["covered"] in {"yes", "partly"}:
            assert clause["tests"], clause["id"]
        else:
            assert clause["tests"] == clause["rules"] == [], clause["id"]


def test_what_is_done_in_part_says_what_is_and_what_is_not() -> None:
    for clause in table():
        if clause["covered"] == "partly":
            assert re.search(r"Còn thiếu: |việc của nơi vận hành", clause["note"]), clause["id"]


def test_rules_and_clauses_name_each_other() -> None:
    in_code = {(rule.clause, rule.key) for rule in RULES}
    in_table = [(clause["id"], rule) for clause in table() for rule in clause["rules"] if not rule.startswith(AN_ACT)]
    assert sorted(in_table) == sorted(in_code)
    assert len({rule.key for rule in RULES}) == len(RULES)


def test_acts_and_clauses_name_each_other() -> None:
    in_code = [(row.clause, f"{AN_ACT}{row.name}") for row in TABLE]
    in_table = [(clause["id"], rule) for clause in table() for rule in clause["rules"] if rule.startswith(AN_ACT)]
    assert sorted(in_table) == sorted(in_code)


@pytest.mark.parametrize("name", named_tests())
def test_a_named_test_exists(name: str) -> None:
    file, _, function = name.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def examined(name: str = "van-ban.pdf", scan: Scan = CLEAN, **facts: Any) -> Examined:
    media_type = facts.pop("type", "application/pdf")
    part = Part("2", name, media_type, media_type, 4, sha256(name), PartDecision.DOCUMENT, "tệp")
    return Examined(part, FileFacts(part.sha256 or "", 4, media_type, **facts), scan)


def case(*files: Examined, kind: MailKind = MailKind.DOCUMENT, candidates: tuple[Candidate, ...] = ()) -> Case:
    return Case(parsed(kind=kind), raw("thư"), files, (), candidates, ContentRules(FORMATS, ACTIVE))


def signature(verdict: SignatureVerdict) -> Signature:
    return Signature(
        verdict, "lý do", "Người ký", "Cơ quan", SignerKind.SEAL, Coverage.WHOLE, None, None, None, None, None
    )


ENTRY = entry("nội dung", identity="955/qđ-sgtvt")


def sealed(*signatures: Signature) -> Case:
    """A case of one new document with these signatures."""
    file = replace(ENTRY.files[0], signatures=signatures)
    return case(examined(signatures=signatures), candidates=(Candidate(replace(ENTRY, files=(file,))),))


PROVED = Authentication(Judge.OWN, "a@stranger.example", "a@stranger.example", aligned=True)
FORGED = Authentication(Judge.OWN, "a@known.example", "x@forger.example", dmarc=DmarcCheck(AuthResult.FAIL))
UNDECIDED = Authentication(Judge.OWN, "a@known.example", "", dmarc=DmarcCheck(AuthResult.TEMPERROR))
KNOWN = Party("known", PartyKind.AGENCY, "Sở Đã biết", domains=("known.example",))
CASES = {
    "impersonation": replace(case(examined()), authentication=FORGED, sender=KNOWN),
    "unchecked_sender": replace(case(examined()), authentication=UNDECIDED),
    "unknown_sender": replace(case(examined()), authentication=PROVED),
    "automatic_mail": replace(case(examined()), parsed=replace(parsed(), automatic="Thư gửi hàng loạt")),
    "infected": case(examined(scan=INFECTED)),
    "not_scanned": case(examined(scan=NOT_SCANNED)),
    "attachment_required": case(),
    "file_name": case(examined("CON.pdf"), examined("van-ban.exe.pdf")),
    "allowed_format": case(examined("ho-so.zip", type="application/zip")),
    "unicode_letters": case(examined(encoding=TextEncoding.TCVN3)),
    "active_content": case(examined(active=(ActiveContent(ActiveKind.MACRO),))),
    "state_secret": case(examined(marks=Marks(Secrecy.MAT))),
    "opened_whole": replace(case(examined()), parsed=replace(parsed(), incomplete=True)),
    "readable": case(examined(encrypted=True), examined("b.pdf", unknown={"text": "tệp hỏng"})),
    "signatures": case(examined(signatures=tuple(signature(verdict) for verdict in SignatureVerdict))),
    "signing_seal": sealed(signature(SignatureVerdict.VALID)),
    "signing_person": sealed(replace(signature(SignatureVerdict.VALID), kind=SignerKind.PERSON)),
    "signing_for_another": sealed(
        replace(
            signature(SignatureVerdict.VALID),
            kind=SignerKind.PERSON,
            signer="Nguyễn Văn An",
            beside="PHÓ GIÁM ĐỐC\nNguyễn Văn An",
        )
    ),
    "duplicate": case(
        examined(),
        candidates=(
            Candidate(ENTRY, repeats=1),
            Candidate(ENTRY, clash="Số, ký hiệu trùng với một văn bản khác."),
        ),
    ),
    "exchange_message": replace(
        case(), parsed=replace(parsed(), exchanges=(ExchangeMessage(business=ExchangeBusiness.RECALL),))
    ),
    "sources_agree": case(
        examined(),
        candidates=(Candidate(ENTRY, disagreements=(Disagreement("số", "955", "thông điệp edXML", "956"),)),),
    ),
    "counted": replace(case(examined()), parsed=replace(parsed(), problems=("một phần của thư bị cắt",))),
    "fields_read": case(examined(), candidates=(Candidate(replace(ENTRY, header=replace(header(), abstract=None))),)),
}


def test_every_rule_has_a_case_here() -> None:
    assert sorted(CASES) == sorted(rule.key for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_what_a_rule_finds_cites_the_clause_of_the_rule(rule: Any) -> None:
    found: list[Finding] = list(rule.check(CASES[rule.key]))
    assert found
    assert {(finding.rule, finding.clause) for finding in found} == {(rule.key, rule.clause)}
    assert by_id()[rule.clause]["covered"] in {"yes", "partly"}


@pytest.mark.parametrize("kind", [MailKind.REPORT, MailKind.AUTOMATIC, MailKind.STATUS])
def test_filing_without_entry_cites_a_clause_too(kind: MailKind) -> None:
    (finding,) = judge(case(kind=kind)).findings
    assert finding.clause in ids()


def test_every_clause_cited_in_the_code_is_one_of_the_table_or_above_one() -> None:
    """Docstrings, notices and the clerk's own refusal: a citation that no clause answers is a mistake."""
    cited = re.compile(r"Điều (?:[1-9]|1[0-4]) khoản \d+(?: điểm [a-zđ]\b)?")
    sources = [
        *(ROOT / "gateway").rglob("*.py"),
        *(ROOT / "handlers").rglob("*.py"),
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "templates").rglob("*.txt"),
    ]
    known = ids()
    for source in sources:
        for citation in cited.findall(source.read_text(encoding="utf-8")):
            assert any(name == citation or name.startswith(f"{citation} ") for name in known), (source, citation)
