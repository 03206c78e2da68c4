"""The notices as they were read and approved: golden files, made by `python -m tests.adapters.render.regenerate`."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from itertools import product
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound

from gateway.adapters.render import JinjaRenderer
from gateway.model import wording
from gateway.model.facts import Marks, Scan, ScanVerdict, Secrecy, Urgency
from gateway.model.finding import ONLY_BY_NAME, Finding, Outcome
from gateway.model.header import HeaderFields
from gateway.model.mail import MailStage
from gateway.model.notice import NoticeKind
from gateway.model.signature import Coverage, SignatureVerdict, SignerKind
from gateway.model.verdict import Disposition, Verdict
from gateway.policy.sender import IMPERSONATION, SENDER_RULES
from gateway.ports import NoticeContext, Offer
from tests.adapters.render import records
from tests.adapters.render.all_records import contexts
from tests.adapters.render.records import AGENCY, REPORT, FixedClock, mail, renderer
from tests.adapters.render.regenerate import GOLDEN, bodies
from tests.servers.chromium import screenshot, widths

NAMES = sorted(contexts())
FACT = re.compile(
    r"""[0-9a-f]{64} | https://[\w./-]+ | Điều[ ]\d+[ ]khoản[ ]\d+(?:[ ]điểm[ ]\w)? | \b\d+/20\d\d\b
    | \d\d[ ]giờ[ ]\d\d[ ]phút | [\w-]+\.(?:pdf|docx|xlsx|rar|zip)\b | M\d+""",
    re.VERBOSE,
)


async def drawn(context: NoticeContext) -> dict[str, str]:
    return bodies(await renderer().render(context))


@pytest.mark.parametrize("name", NAMES)
async def test_a_notice_is_what_its_golden_files_say(name: str) -> None:
    for suffix, text in (await drawn(contexts()[name])).items():
        assert text == (GOLDEN / f"{name}.{suffix}").read_text(encoding="utf-8")


def test_every_notice_kind_has_a_golden_file_and_no_golden_file_is_left_over() -> None:
    assert {context.notice.owed.kind for context in contexts().values()} == set(NoticeKind)
    assert sorted({path.stem for path in GOLDEN.iterdir()}) == NAMES


@pytest.mark.parametrize("name", NAMES)
async def test_the_html_loads_nothing_from_elsewhere_and_says_its_language(name: str) -> None:
    html = (await drawn(contexts()[name]))["html"]
    assert '<html lang="vi">' in html
    assert not re.findall(r'(?:src|background)="(?!cid:)|url\(|@import|<link|<script', html)
    assert all(re.search(r'alt="[^"]+"', image) for image in re.findall(r"<img[^>]*>", html))


@pytest.mark.parametrize("name", NAMES)
async def test_text_and_html_say_the_same_facts(name: str) -> None:
    """Every number, check sum, clause, address and file name of one form stands in the other too."""
    shown = await drawn(contexts()[name])
    html = re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]*>", " ", shown["html"], flags=re.S)).replace(
        "&nbsp;", " "
    )
    text = re.sub(r"\s+", " ", shown["txt"].partition("\n\n")[2])
    assert set(FACT.findall(html.replace("\xa0", " "))) == set(FACT.findall(text))


async def test_no_notice_scrolls_sideways_on_a_phone_even_with_endless_words() -> None:
    endless = "A" * 400
    header = replace(REPORT.header, abstract=endless, issuer=endless)
    document = replace(REPORT, header=header, files=(replace(REPORT.files[0], name=f"{endless}.pdf"),))
    hostile = [
        replace(
            context,
            documents=(document,) if context.documents else (),
            conversations=tuple(
                replace(
                    each,
                    docket=replace(each.docket, document=document, opinion=endless),
                    offers=(Offer(endless, f"Ý kiến: {endless}"),),
                    clocks=(endless,),
                    files_token=endless,
                )
                for each in context.conversations[:1]
            ),
            left_out=(endless,),
        )
        for context in contexts().values()
    ]
    for context in [each for each in hostile if each.notice.owed.alarm]:
        owed = context.notice.owed
        assert owed.alarm is not None
        alarm = replace(owed.alarm, facts=dict.fromkeys(owed.alarm.facts, endless))
        hostile.append(replace(context, notice=replace(context.notice, owed=replace(owed, alarm=alarm))))
    pages = [(await drawn(context))["html"] for context in [*contexts().values(), *hostile]]
    assert widths(pages, width=390) == [390] * len(pages)


async def test_what_could_not_be_read_is_said_and_the_office_is_asked_to_add_it() -> None:
    unread = replace(REPORT, header=HeaderFields())
    office = (await drawn(replace(contexts()["clerk_document"], documents=(unread,))))["txt"]
    agency = (await drawn(replace(contexts()["receipt"], documents=(unread,))))["txt"]
    for label in ("Số, ký hiệu", "Ngày ban hành", "Cơ quan ban hành", "Tên loại", "Trích yếu", "Người ký"):
        assert f"{label}: chưa đọc được – đề nghị văn thư bổ sung\n" in office
        assert f"{label}: chưa đọc được\n" in agency


@pytest.mark.parametrize("name", ["hold", "clerk_attention", "refusal"])
async def test_of_a_mail_that_may_hold_a_state_secret_neither_subject_nor_file_names_are_sent(name: str) -> None:
    """Promise 8, Điều 8 khoản 2 điểm a: such words would travel in the open."""
    context = contexts()[name]
    assert context.parsed is not None
    parsed = replace(context.parsed, subject="Kế hoạch Hải Vân")
    finding = Finding(
        "secrecy.mark", "Điều 8 khoản 2 điểm a", Outcome.HOLD, "Có dấu chỉ độ mật.", "Gửi bản giấy.", "Hải Vân.pdf"
    )
    marked = replace(context, parsed=parsed, verdict=Verdict(Disposition.HOLD, (finding,)))
    sealed = replace(context, parsed=parsed, mail=mail(MailStage.SEALED), verdict=None)
    for secret in (marked, sealed):
        shown = await drawn(secret)
        assert not any("Hải Vân" in text or "Quyet dinh 77" in text for text in shown.values())


@pytest.mark.parametrize("name", NAMES)
async def test_of_a_mail_that_was_never_judged_neither_subject_nor_file_names_are_sent(name: str) -> None:
    """Nobody has looked for marks of secrecy yet."""
    context = contexts()[name]
    parsed = replace(records.PARSED, subject="Kế hoạch Hải Vân")
    for text in (await drawn(replace(context, parsed=parsed, verdict=None))).values():
        assert "Hải Vân" not in text
        assert "Quyet dinh 77" not in text


@pytest.mark.parametrize(
    ("name", "commands"),
    [
        (
            "clerk_attention",
            [
                "vanthu explain M17",
                'vanthu quarantine release M17 --waive not_scanned --reason "…"',
                'vanthu quarantine refuse M17 --reason "…"',
            ],
        ),
        (
            "clerk_attention_unproved",
            [
                "vanthu explain M17",
                'vanthu quarantine release M17 --waive impersonation --waive not_scanned --reason "…"',
                'vanthu quarantine refuse M17 --reason "…"',
                "vanthu quarantine list",
            ],
        ),
        (
            "clerk_attention_automatic",
            [
                "vanthu explain M17",
                'vanthu quarantine release M17 --reason "…"',
                'vanthu quarantine refuse M17 --reason "…"',
            ],
        ),
        ("clerk_attention_dead", ["vanthu explain M17", "vanthu replay M17"]),
    ],
)
async def test_a_clerk_reads_the_exact_commands_for_the_mail(name: str, commands: list[str]) -> None:
    shown = await drawn(contexts()[name])
    html = unescape(re.sub(r"</?span[^>]*>", "", shown["html"]))
    for text in (shown["txt"], html.partition("Kính gửi")[2]):
        assert re.findall(r"vanthu [^<\n]*", text) == commands


@pytest.mark.parametrize("rule", sorted(ONLY_BY_NAME | SENDER_RULES | {"duplicate"}))
@pytest.mark.parametrize("outcome", [Outcome.HOLD, Outcome.WARN])
async def test_what_holds_a_mail_decides_what_the_clerk_is_told_to_do(rule: str, outcome: Outcome) -> None:
    """What a release must name, that a suspect is not asked by his own letter, and that more may be held."""
    verdict = Verdict(Disposition.HOLD, (Finding(rule, "Điều 11 khoản 1 điểm a", outcome, "Lý do."),))
    holds = outcome is Outcome.HOLD
    for text in (await drawn(replace(contexts()["clerk_attention"], verdict=verdict))).values():
        line = " ".join(re.sub(r"</?span[^>]*>", "", text).split())
        assert (f"M17 --waive {rule} --reason" in line) is (holds and rule in ONLY_BY_NAME)
        assert ("sau --waive chỉ bỏ qua khi" in line) is (holds and rule in ONLY_BY_NAME)
        assert ("các thư khác cùng loại cũng được tạm giữ" in line) is (holds and rule in SENDER_RULES)
        suspected = holds and rule == IMPERSONATION
        assert ("qua số điện thoại đã biết, không dùng thông tin trong thư" in line) is suspected
        assert ("Liên hệ với nơi gửi nếu cần" in line) is not suspected


@pytest.mark.parametrize("finding", [records.SUSPECTED, records.AUTOMATIC])
async def test_a_note_stands_under_its_finding_for_the_clerk_and_for_nobody_else(finding: Finding) -> None:
    found = Verdict(Disposition.HOLD, (finding, replace(finding, outcome=Outcome.WARN)))
    for name in ("clerk_attention", "clerk_document", "hold", "refusal", "receipt"):
        for text in (await drawn(replace(contexts()[name], verdict=found))).values():
            line = " ".join(re.sub(r"<[^>]*>", "", unescape(text)).split())
            assert (f"Ghi chú cho văn thư: {finding.note}" in line) is name.startswith("clerk")
            assert finding.text in line


NOTE = Finding("duplicate", "Điều 1 khoản 1", Outcome.HOLD, "Trùng số.", "", None, "Đã vào sổ: D9.")
OFFICE_ONLY = (
    Finding("fields_read", "Điều 1 khoản 1", Outcome.WARN, "Chưa đọc được số.", "", "a.pdf"),
    Finding("counted", "Điều 1 khoản 1", Outcome.WARN, "Không đếm được trang.", "", "a.pdf"),
)


@pytest.mark.parametrize("name", ["receipt", "hold", "refusal", "repeat", "clerk_document", "clerk_attention"])
async def test_what_is_the_offices_own_work_is_not_told_to_the_sender(name: str) -> None:
    context = replace(contexts()[name], verdict=Verdict(Disposition.HOLD, (NOTE, *OFFICE_ONLY)))
    for text in (await drawn(context)).values():
        told = [words in text for words in ("Đã vào sổ: D9.", "Chưa đọc được số.", "Không đếm được trang.")]
        assert told == [name.startswith("clerk")] * len(told)


@pytest.mark.parametrize("name", ["receipt", "hold", "refusal", "clerk_document", "clerk_attention"])
async def test_the_same_said_of_several_files_is_said_once_and_names_them_all(name: str) -> None:
    outcome = Outcome.REFUSE if name == "refusal" else Outcome.WARN
    findings = tuple(
        Finding("allowed_format", "Điều 1 khoản 1", outcome, "Đuôi sai.", "Đặt lại.", file) for file in ("a.x", "b.x")
    )
    for text in (await drawn(replace(contexts()[name], verdict=Verdict(Disposition.HOLD, findings)))).values():
        body = text.partition("Kính gửi")[2]
        assert body.count("Đuôi sai.") == 1
        assert "a.x; b.x" in body


@pytest.mark.parametrize("name", ["receipt", "clerk_document"])
async def test_a_signature_that_stands_under_its_file_is_not_repeated_among_the_findings(name: str) -> None:
    under = Finding("signatures", "Điều 3 khoản 1", Outcome.WARN, "Chữ ký A.", "", REPORT.files[0].name)
    elsewhere = replace(under, text="Chữ ký B.", file="khac.pdf")
    for text in (
        await drawn(replace(contexts()[name], verdict=Verdict(Disposition.HOLD, (under, elsewhere))))
    ).values():
        assert "Chữ ký A." not in text
        assert "Chữ ký B." in text


async def test_only_who_sent_a_document_gets_its_tracking_link() -> None:
    for name in ("receipt_single", "repeat"):
        context = contexts()[name]
        owed = context.notice.owed
        for recipient, linked in ((owed.recipient.upper(), True), ("other@trabong.example", False)):
            to = replace(context, notice=replace(context.notice, owed=replace(owed, recipient=recipient)))
            message = await renderer().render(to)
            assert (b"image/png" in message) is linked
            for text in bodies(message).values():
                assert (context.documents[0].token in text) is linked
                assert wording.arrival(context.documents[0]) in text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "scan", [Scan(verdict, "clamd", "cause" if verdict is not ScanVerdict.CLEAN else None) for verdict in ScanVerdict]
)
async def test_every_value_a_record_can_have_has_words_in_every_notice(name: str, scan: Scan) -> None:
    signatures = tuple(
        replace(REPORT.files[0].signatures[0], verdict=v, kind=k, coverage=c, signed_at=None, timestamped_at=t)
        for v, k, c, t in product(SignatureVerdict, SignerKind, Coverage, (None, REPORT.received_at))
    )
    files = (replace(REPORT.files[0], scan=scan, signatures=signatures),)
    documents = tuple(
        replace(REPORT, files=files, marks=Marks(secrecy, urgency))
        for secrecy, urgency in product((None, *Secrecy), (None, *Urgency))
    )
    context = contexts()[name]
    shown = await drawn(replace(context, documents=documents if context.documents else ()))
    if name in {"receipt", "receipt_single", "clerk_document"}:
        for text in shown.values():
            assert text.count(f"{wording.SCAN_WORDS[scan.verdict]}") >= len(documents)
            assert all(words in text for words in wording.SIGNATURE_WORDS.values())


@pytest.mark.parametrize(
    ("name", "stage"),
    [(name, stage) for name in NAMES for stage in (MailStage if contexts()[name].mail else [MailStage.ACCEPTED])],
)
async def test_a_notice_can_be_made_from_the_least_that_is_known(name: str, stage: MailStage) -> None:
    """No parse, no verdict, no name, one document without any field: still a whole letter."""
    context = contexts()[name]
    bare = replace(REPORT, header=HeaderFields(), marks=Marks(), files=())
    least = replace(
        context,
        parsed=None,
        verdict=None,
        documents=(bare,) if context.documents else (),
        mail=context.mail and replace(mail(stage), envelope=replace(context.mail.envelope, mail_from="")),
        attachments=(),
        left_out=(),
    )
    for text in (await drawn(least)).values():
        assert "Kính gửi" in text
        assert "Trân trọng" in text
        assert "None" not in text


async def test_a_repeat_of_a_mail_that_brought_no_document_is_answered_too() -> None:
    shown = await drawn(replace(contexts()["repeat"], documents=()))
    assert all("Quý cơ quan không phải gửi lại" in re.sub(r"\s+", " ", text) for text in shown.values())


async def test_a_reader_in_dark_mode_gets_dark_colours(tmp_path: Path) -> None:
    page = (await drawn(contexts()["hold"]))["html"]
    screenshot(page, tmp_path / "light.png", width=390, height=600)
    screenshot(page, tmp_path / "dark.png", width=390, height=600, dark=True)
    light, dark = ((tmp_path / name).read_bytes() for name in ("light.png", "dark.png"))
    assert light.startswith(b"\x89PNG")
    assert dark.startswith(b"\x89PNG")
    assert light != dark


def test_a_missing_template_is_found_when_the_gateway_starts(tmp_path: Path) -> None:
    with pytest.raises(TemplateNotFound):
        JinjaRenderer(
            tmp_path,
            agency=AGENCY,
            sender="a@b.example",
            sender_name="A",
            instance="i",
            public_url="https://b.example",
            books={},
            clock=FixedClock(),
        )


@pytest.mark.parametrize(
    "wrong",
    [{"instance": "a\r\nb"}, {"instance": ""}, {"public_url": "javascript:1"}, {"sender": "a@b.example\r\nBcc: x@y"}],
)
def test_settings_that_do_not_fit_into_a_header_are_refused_when_the_gateway_starts(wrong: dict[str, str]) -> None:
    good = {"sender": "a@b.example", "instance": "i", "public_url": "https://b.example"}
    values = good | wrong
    with pytest.raises(ValueError, match=r"must|plain"):
        JinjaRenderer(
            Path(),
            agency=AGENCY,
            sender=values["sender"],
            sender_name="A",
            instance=values["instance"],
            public_url=values["public_url"],
            books={},
            clock=FixedClock(),
        )
