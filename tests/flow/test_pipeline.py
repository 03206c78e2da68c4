"""A mail goes in at one end; what comes out at the other, in the register and in the mailboxes, is what is owed."""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import timedelta

import pytest

from gateway.adapters.demo_scanner import EICAR
from gateway.demo.pki import Pki, sign_pdf
from gateway.errors import NotWaivable, SandboxFailure, StaleState, TemporaryError
from gateway.model.facts import Engine, Scan, ScanVerdict
from gateway.model.mail import MailStage
from gateway.model.notice import NoticeKind, NoticeStage
from gateway.model.part import PartDecision
from gateway.model.signature import SignatureVerdict
from handlers import quarantine
from tests.documents import decision_docx, decision_pdf
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.reading import CLERK, kinds, numbers, read, text_of
from tests.mails import SENDER, mail, page_one
from tests.records import MORNING


@on_both_databases
async def test_a_signed_decision_is_registered_and_everybody_told(bench: Bench, pki: Pki) -> None:
    """The main job, from accepted bytes to the clerk's mailbox."""
    signed = sign_pdf(decision_pdf(pages=2), pki.seal, field="Signature1", signed_at=MORNING - timedelta(hours=1))
    found = await bench.end_of(mail(("Quyết định 955.pdf", signed)))
    assert found.stage is MailStage.REGISTERED
    (document,) = await bench.office.queries.register()
    header = document.header
    assert (header.number, header.notation, str(header.issued_on)) == ("955", "QĐ-SGTVT", "2017-09-07")
    assert (document.arrival_number, document.year, document.received_at) == (1, 2026, MORNING)
    (file,) = document.files
    assert (file.name, file.pages, file.scan.verdict) == ("Quyết định 955.pdf", 2, ScanVerdict.CLEAN)
    assert [signature.verdict for signature in file.signatures] == [SignatureVerdict.VALID]
    (receipt,) = bench.delivered(SENDER)
    told = text_of(receipt)
    assert "1/2026" in told
    assert file.sha256 in told
    assert f"/t/{document.token}" in told
    (notice,) = bench.delivered(CLERK)
    (attached,) = read(notice).iter_attachments()
    assert attached.get_filename() == "Quyết định 955.pdf"
    assert attached.get_payload(decode=True) == signed


async def test_a_resend_is_acknowledged_again_and_not_registered_again(bench: Bench) -> None:
    raw = mail(("bao-cao.txt", page_one(7)))
    first = await bench.end_of(raw)
    again = await bench.end_of(raw)
    other = await bench.end_of(mail(("bản khác tên.txt", page_one(7)), message_id="<2@agency.example>"))
    assert [m.stage for m in (first, again, other)] == [MailStage.REGISTERED, MailStage.NOTED, MailStage.NOTED]
    assert await numbers(bench) == [1]
    assert await kinds(bench, again) == [NoticeKind.REPEAT]
    assert len(bench.delivered(SENDER)) == 3


@on_both_databases
async def test_a_race_of_twins_gives_one_number(bench: Bench) -> None:
    raw = mail(("bao-cao.txt", page_one(8)))
    mails = await asyncio.gather(*(bench.receive(raw) for _ in range(4)))
    await bench.work()
    ends = [(await bench.office.desk.store.mail(m.id)).stage for m in mails]
    assert sorted(ends) == [MailStage.NOTED] * 3 + [MailStage.REGISTERED]
    assert await numbers(bench) == [1]


@on_both_databases
async def test_the_same_number_with_other_content_waits_for_the_clerk(bench: Bench) -> None:
    await bench.end_of(mail(("a.txt", page_one(9))))
    twin = await bench.end_of(mail(("b.txt", page_one(9, abstract="Về việc báo cáo đã sửa"))))
    assert twin.stage is MailStage.HELD
    assert await kinds(bench, twin) == [NoticeKind.HOLD, NoticeKind.CLERK_ATTENTION]
    await quarantine.release(twin.id, actor="cli:an", reason="bản thay thế", waive=frozenset(), desk=bench.office.desk)
    await bench.work()
    assert (await bench.office.desk.store.mail(twin.id)).stage is MailStage.REGISTERED
    assert await numbers(bench) == [1, 2]


async def test_a_replacement_once_accepted_is_a_repeat_when_it_comes_again(bench: Bench) -> None:
    await bench.end_of(mail(("a.txt", page_one(9))))
    replacement = mail(("b.txt", page_one(9, abstract="Về việc báo cáo đã sửa")))
    twin = await bench.end_of(replacement)
    desk = bench.office.desk
    await quarantine.release(twin.id, actor="cli:an", reason="bản thay thế", waive=frozenset(), desk=desk)
    await bench.work()
    again = await bench.end_of(replacement)
    assert again.stage is MailStage.NOTED
    assert await kinds(bench, again) == [NoticeKind.REPEAT]
    assert await numbers(bench) == [1, 2]


async def test_a_held_mail_can_be_refused_by_the_clerk(bench: Bench) -> None:
    await bench.end_of(mail(("a.txt", page_one(9))))
    twin = await bench.end_of(mail(("b.txt", page_one(9, abstract="Về việc khác"))))
    await quarantine.refuse(twin.id, actor="cli:an", reason="gửi nhầm", desk=bench.office.desk)
    await bench.work()
    assert (await bench.office.desk.store.mail(twin.id)).stage is MailStage.REFUSED
    assert "gửi nhầm" in "".join(text_of(raw) for raw in bench.delivered(SENDER))
    with pytest.raises(StaleState):
        await quarantine.release(twin.id, actor="cli:an", reason="đổi ý", waive=frozenset(), desk=bench.office.desk)


def zip_file() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "nội dung")
    return packed.getvalue()


REFUSED = {
    "virus": ([("a.txt", EICAR)], "Điều 8 khoản 1 điểm a"),
    "virus beside a good document": ([("a.pdf", decision_pdf()), ("b.txt", EICAR)], "Điều 8 khoản 1 điểm a"),
    "no attachment": ([], "Điều 5 khoản 5 điểm b"),
    "forbidden format": ([("a.zip", zip_file())], "Điều 5 khoản 5 điểm c"),
    "forbidden format under an allowed name": ([("a.pdf", zip_file())], "Điều 5 khoản 5 điểm c"),
    "program": ([("van-ban.doc", b"MZ" + bytes(510))], "Điều 5 khoản 5 điểm c"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_refusal_says_what_was_wrong_under_which_clause_and_how_to_mend_it(bench: Bench, case: str) -> None:
    files, clause = REFUSED[case]
    found = await bench.end_of(mail(*files))
    assert found.stage is MailStage.REFUSED
    assert await numbers(bench) == []
    (refusal,) = bench.delivered(SENDER)
    told = text_of(refusal)
    assert clause in told
    assert "Đề nghị" in told
    assert bench.delivered(CLERK) == []


HELD = {
    "damaged pdf": ("a.pdf", b"%PDF-1.7\nbroken".ljust(2_000, b"x")),
    "perhaps a state secret": ("Tài liệu mật.docx", decision_docx()),
}


@pytest.mark.parametrize("case", HELD)
async def test_what_cannot_be_judged_waits_for_a_person(bench: Bench, case: str) -> None:
    found = await bench.end_of(mail(HELD[case]))
    assert found.stage is MailStage.HELD
    assert await numbers(bench) == []
    assert await kinds(bench, found) == [NoticeKind.HOLD, NoticeKind.CLERK_ATTENTION]
    assert len(bench.delivered(SENDER)) == len(bench.delivered(CLERK)) == 1


async def test_a_secret_is_not_quoted_to_anybody(bench: Bench) -> None:
    secret = decision_docx(mark="TỐI MẬT", abstract="Về việc bố trí Kế hoạch Sao Mai")
    await bench.end_of(mail(("Kế hoạch Sao Mai.docx", secret), subject="Kế hoạch Sao Mai"))
    for raw in (*bench.delivered(SENDER), *bench.delivered(CLERK)):
        shown = read(raw)
        bodies = [part.get_content() for part in shown.walk() if part.get_content_maintype() == "text"]
        assert "Sao Mai" not in " ".join([str(shown["Subject"]), *bodies])


async def test_a_signature_broken_after_signing_holds_the_document(bench: Bench, pki: Pki) -> None:
    signed = sign_pdf(decision_pdf(), pki.seal, field="Signature1", signed_at=MORNING)
    place = signed.index(b"endstream") - 40
    broken = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    found = await bench.end_of(mail(("a.pdf", broken)))
    assert found.stage is MailStage.HELD
    assert await numbers(bench) == []


async def test_several_documents_in_a_mail_are_entries_of_their_own(bench: Bench) -> None:
    raw = mail(
        ("so 21.txt", page_one(21)),
        ("phụ lục.txt", b"Bieu so lieu kem theo, khong co so hieu"),
        ("so 22.txt", page_one(22)),
    )
    found = await bench.end_of(raw)
    documents = await bench.office.queries.register()
    assert [(d.header.number, [f.name for f in d.files]) for d in documents] == [
        ("21", ["so 21.txt", "phụ lục.txt"]),
        ("22", ["so 22.txt"]),
    ]
    parsed = await bench.office.desk.store.parsed(found.id)
    assert parsed is not None
    decided = {part.name: part.decision for part in parsed.parts if part.name}
    assert decided["phụ lục.txt"] is PartDecision.APPENDIX
    assert len(bench.delivered(SENDER)) == 1
    assert len(bench.delivered(CLERK)) == len(documents), "each document has a conversation of its own"


async def test_while_nothing_can_be_scanned_nothing_is_registered_and_nothing_lost(bench: Bench) -> None:
    class Silent:
        async def engine(self) -> Engine:
            return Engine("", None)

        async def scan(self, content: object) -> Scan:
            return Scan(ScanVerdict.NOT_SCANNED, "", "không kết nối được", transient=True)

    async with bench.with_desk(scanner=Silent()):
        found = await bench.end_of(mail(("a.txt", page_one(1))))
        for _ in range(5):
            bench.clock.pass_(timedelta(minutes=1))
            await bench.work()
        waiting = await bench.office.desk.store.mail(found.id)
        assert (waiting.stage, waiting.waiting_for, waiting.attempts) == (MailStage.PARSED, "scanner", 0)
    bench.clock.pass_(timedelta(minutes=1))
    await bench.work()
    assert (await bench.office.desk.store.mail(found.id)).stage is MailStage.REGISTERED


@on_both_databases
async def test_three_failures_set_a_mail_aside_and_replay_takes_it_on(bench: Bench) -> None:
    class Broken:
        async def parse(self, raw: object, scratch: object) -> object:
            raise SandboxFailure("tiến trình kiểm tra dừng đột ngột")

    async with bench.with_desk(parser=Broken()):
        bad = await bench.end_of(mail(("a.txt", page_one(1))))
        for _ in range(3):
            bench.clock.pass_(timedelta(minutes=1))
            await bench.work()
    dead = await bench.office.desk.store.mail(bad.id)
    assert (dead.stage, dead.failed_stage) == (MailStage.DEAD, MailStage.ACCEPTED)
    assert await kinds(bench, dead) == [NoticeKind.CLERK_ATTENTION]
    good = await bench.end_of(mail(("b.txt", page_one(2))))
    assert good.stage is MailStage.REGISTERED
    await quarantine.replay(bad.id, actor="cli:an", desk=bench.office.desk)
    await bench.work()
    assert (await bench.office.desk.store.mail(bad.id)).stage is MailStage.REGISTERED
    assert await numbers(bench) == [1, 2]


@on_both_databases
async def test_every_step_stands_in_an_unbroken_journal(bench: Bench) -> None:
    found = await bench.end_of(mail(("a.txt", page_one(1))))
    kinds_ = [link.event.kind for link in (await bench.office.queries.story(found.id)).events]
    assert kinds_ == [
        "mail.accepted",
        "document.registered",
        "mail.registered",
        "notice.sent",
        "notice.sent",
    ]
    assert (await bench.office.queries.audit()).broken_at is None


async def test_the_tracking_page_of_a_document_is_known_by_its_token_alone(bench: Bench) -> None:
    await bench.end_of(mail(("a.txt", page_one(1))))
    (document,) = await bench.office.queries.register()
    tracked = await bench.office.queries.by_token(document.token)
    assert tracked is not None
    assert [step.status.value for step in tracked.timeline] == ["01", "03"]


async def test_a_repeat_that_brings_a_file_more_waits_for_the_clerk(bench: Bench) -> None:
    await bench.end_of(mail(("a.txt", page_one(3))))
    more = await bench.end_of(mail(("a.txt", page_one(3)), ("phu luc.txt", b"Bang so lieu kem theo")))
    assert more.stage is MailStage.HELD
    assert await numbers(bench) == [1]


async def test_what_is_the_same_but_for_an_unread_field_is_not_numbered_twice(bench: Bench) -> None:
    await bench.end_of(mail(("a.txt", page_one(5))))
    without_date = page_one(5).replace(b"20 th", b"   th")
    found = await bench.end_of(mail(("b.txt", without_date)))
    assert found.stage is MailStage.HELD
    assert await numbers(bench) == [1]


async def test_a_secrecy_mark_is_set_aside_only_by_name(bench: Bench) -> None:
    found = await bench.end_of(mail(("Tài liệu mật.docx", decision_docx())))
    desk = bench.office.desk
    with pytest.raises(NotWaivable):
        await quarantine.release(found.id, actor="cli:an", reason="nhầm", waive=frozenset(), desk=desk)
    named = frozenset({"state_secret"})
    await quarantine.release(found.id, actor="cli:an", reason="không phải dấu mật", waive=named, desk=desk)
    await bench.work()
    assert (await desk.store.mail(found.id)).stage is MailStage.REGISTERED


async def test_without_workers_mails_wait_and_none_dies(bench: Bench) -> None:
    class Nobody:
        async def parse(self, raw: object, scratch: object) -> object:
            raise TemporaryError("sandbox", "không khởi động được tiến trình kiểm tra")

    async with bench.with_desk(parser=Nobody()):
        found = await bench.end_of(mail(("a.txt", page_one(1))))
        for _ in range(5):
            bench.clock.pass_(timedelta(minutes=2))
            await bench.work()
        waiting = await bench.office.desk.store.mail(found.id)
        assert (waiting.stage, waiting.waiting_for, waiting.attempts) == (MailStage.ACCEPTED, "sandbox", 0)
    bench.clock.pass_(timedelta(minutes=2))
    await bench.work()
    assert await numbers(bench) == [1]


async def test_bytes_that_are_no_longer_those_scanned_reach_nobody(bench: Bench) -> None:
    class Away:
        async def render(self, context: object) -> bytes:
            raise TemporaryError("renderer", "not now")

    async with bench.with_desk(renderer=Away()):
        await bench.end_of(mail(("a.txt", page_one(1))))
    (document,) = await bench.office.queries.register()
    bench.office.blobs.path(document.files[0].sha256).write_bytes(b"something else")
    for _ in range(4):
        bench.clock.pass_(timedelta(minutes=1))
        await bench.work()
    assert bench.delivered(CLERK) == []
    (notice,) = await bench.office.queries.outbox(open_only=True)
    assert (notice.owed.kind, notice.stage) == (NoticeKind.CLERK_DOCUMENT, NoticeStage.FAILED)


async def test_dying_again_after_a_replay_is_told_again(bench: Bench) -> None:
    class Broken:
        async def parse(self, raw: object, scratch: object) -> object:
            raise SandboxFailure("hỏng")

    async with bench.with_desk(parser=Broken()):
        bad = await bench.end_of(mail(("a.txt", page_one(1))))
        for _ in range(2):
            for _ in range(3):
                bench.clock.pass_(timedelta(minutes=1))
                await bench.work()
            assert (await bench.office.desk.store.mail(bad.id)).stage is MailStage.DEAD
            await quarantine.replay(bad.id, actor="cli:an", desk=bench.office.desk)
    assert await kinds(bench, bad) == [NoticeKind.CLERK_ATTENTION] * 2
