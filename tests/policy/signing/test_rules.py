"""What of the signatures is told to the clerk: never a reason to refuse or to hold a document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.model.finding import Finding, Outcome
from gateway.model.signature import Carrier, Signature
from gateway.policy.case import Candidate, Case
from gateway.policy.rules.signing import signing_for_another, signing_person, signing_seal
from gateway.policy.signing import signatures_of
from tests.policy.signing.signatures import COPYING, HEADER, SENDER, person, seal
from tests.policy.test_clauses import ENTRY, case, examined


def of(*signatures: Signature, main: bool = True) -> Case:
    """A new document whose file has these signatures."""
    file = replace(ENTRY.files[0], signatures=signatures, main=main)
    candidate = Candidate(replace(ENTRY, header=HEADER, files=(file,)))
    return replace(case(examined(signatures=signatures), candidates=(candidate,)), sender=SENDER)


def told(matter: Case) -> list[Finding]:
    rules = (signing_seal, signing_person, signing_for_another)
    return [finding for rule in rules for finding in rule(matter)]


def warned(*signatures: Signature, main: bool = True) -> list[str]:
    found = told(of(*signatures, main=main))
    assert {finding.outcome for finding in found} <= {Outcome.OK, Outcome.WARN}
    return [finding.text for finding in found if finding.outcome is Outcome.WARN]


def test_a_document_issued_in_good_order_has_nothing_to_look_at() -> None:
    assert warned(person(), seal()) == []
    assert warned(seal(beside="SAO Y")) == []
    assert warned() == []


def test_each_signature_is_told_for_what_it_is() -> None:
    texts = [finding.text for finding in told(of(person(), seal(), seal(COPYING)))]
    assert texts == [
        "Chữ ký số của Ủy ban nhân dân tỉnh Quảng Ngãi: con dấu của cơ quan.",
        f"Chữ ký số của {COPYING}: chứng nhận bản sao, không phải của cơ quan ban hành.",
        "Chữ ký số của Trần Hoàng Tuấn: người ký văn bản, ký KT. PHÓ CHỦ TỊCH.",
    ]


def test_a_seal_of_another_agency_is_told() -> None:
    (text,) = warned(person(), seal("Sở Nội vụ"))
    assert "Sở Nội vụ" in text
    assert SENDER.name in text


@pytest.mark.parametrize(
    ("signatures", "said"),
    [
        ((person(),), "không có chữ ký số của cơ quan"),
        ((seal(),), "không có chữ ký số của người ký"),
        ((seal(), person()), "có trước chữ ký số của người ký"),
        ((seal(COPYING),), COPYING),
    ],
)
def test_what_is_missing_or_out_of_order_is_told(signatures: tuple[Signature, ...], said: str) -> None:
    (text,) = warned(*signatures)
    assert said in text


def test_appendices_need_no_person_but_no_foreign_seal_either() -> None:
    """Phụ lục I phần I mục II khoản 7: the agency signs each appendix in a file of its own."""
    assert warned(seal(), main=False) == []
    assert len(warned(seal("Sở Nội vụ"), main=False)) == 1


def test_the_name_printed_is_compared_with_the_name_signed() -> None:
    assert warned(person("TRAN HOANG TUAN"), seal()) == []
    (text,) = warned(person("Nguyễn Văn An"), seal())
    assert "Nguyễn Văn An" in text
    assert "Trần Hoàng Tuấn" in text


def test_a_deputy_without_authority_on_the_page_is_told() -> None:
    (text,) = warned(person(beside="PHÓ CHỦ TỊCH\nTrần Hoàng Tuấn"), seal())
    assert "PHÓ CHỦ TỊCH" in text


def test_signatures_in_a_file_beside_count_for_the_file_they_cover() -> None:
    main = replace(ENTRY.files[0], signatures=())
    beside = replace(main, name="van-ban.pdf.p7s", main=False, part_path="3", sha256="5" * 64)
    signed = tuple(replace(each, carrier=Carrier.CMS, covers=(main.sha256,)) for each in (person(), seal()))
    entry = replace(ENTRY, header=HEADER, files=(main, replace(beside, signatures=signed)))
    matter = replace(case(examined(), candidates=(Candidate(entry),)), sender=SENDER)
    assert [finding.outcome for finding in told(matter)].count(Outcome.WARN) == 0
    assert "van-ban.pdf" in {finding.file for finding in told(matter)}


def test_a_file_named_after_what_is_signed_is_not_signed_by_it() -> None:
    forged = replace(ENTRY.files[0], signatures=(), name="d" * 64)
    genuine = replace(ENTRY.files[0], name="van-ban.pdf", main=False, part_path="3", sha256="d" * 64)
    signed = tuple(replace(each, carrier=Carrier.CMS, covers=("d" * 64,)) for each in (person(), seal()))
    files = (forged, replace(genuine, signatures=signed))
    assert signatures_of(files[0], files) == ()
    assert signatures_of(files[1], files) == signed


def test_a_document_that_came_before_is_not_judged_again() -> None:
    matter = of(seal())
    again = replace(matter, candidates=(replace(matter.candidates[0], repeats=1),))
    assert told(again) == []
