"""The sender gets a receipt that holds: with the confirmation, made once, agreeing with register and journal."""

from __future__ import annotations

import email
import email.policy
import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pypdfium2 import PdfDocument
from sqlalchemy import text

from gateway.cli.session import kept_by
from gateway.cli.verify import kept_of
from gateway.demo.pki import Identity, Pki, make_seal
from gateway.model.docket import DocumentState
from gateway.model.document import Document
from gateway.model.journal import Event
from gateway.model.notice import DeliveryOutcome, DeliveryResult, Outgoing
from gateway.model.receipt import Receipt
from gateway.policy.receipt import corrections, discrepancies
from gateway.receipts import own_certificates, receipts_of
from gateway.settings import Settings, load_settings
from gateway.store.database import Database
from gateway.workers import read_receipt_job
from handlers.destroy import destroy_document
from tests.documents import decision_pdf
from tests.flow.conftest import Bench
from tests.mails import SENDER, mail, page_one
from tests.records import MINUTE, MORNING

VANTHU = str(Path(sys.executable).with_name("vanthu"))


@pytest.fixture(scope="module")
def gateway_pair(pki: Pki) -> Identity:
    return make_seal(pki.authority, MORNING, "CỔNG THƯ CÔNG VĂN", "SỞ TRÌNH DIỄN")


@pytest.fixture
def settings(bench: Bench, gateway_pair: Identity, tmp_path: Path) -> Settings:
    """The office's own settings as a file, with a certificate for receipts."""
    (tmp_path / "phieu.pem").write_bytes(gateway_pair.pem)
    key = gateway_pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "khoa.pem").write_bytes(key)
    (tmp_path / "gateway.toml").write_text(
        f'[store]\ndatabase = "{bench.office.settings.store.database}"\nblobs = "blobs"\n[relay]\nmaildir = "maildir"\n'
        '[receipts]\ncertificate = "phieu.pem"\nkey = "khoa.pem"\n[sandbox]\nworkers = 1\n[log]\nlevel = "error"\n',
        encoding="utf-8",
    )
    return load_settings(tmp_path / "gateway.toml")


def vanthu(folder: Path, *words: str) -> tuple[int, str]:
    command = [VANTHU, *words, "--config", str(folder / "gateway.toml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def attached(raw: bytes) -> list[tuple[str, str, bytes]]:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return [
        (str(part.get_filename()), part.get_content_type(), part.get_content()) for part in message.iter_attachments()
    ]


@pytest_asyncio.fixture(loop_scope="session")
async def sent(bench: Bench, settings: Settings, tmp_path: Path) -> Path:
    """A document registered and confirmed; the receipt that came with it."""
    async with bench.with_desk(receipts=receipts_of(settings, bench.clock)):
        await bench.end_of(mail(("bao-cao.txt", page_one(1))))
    (confirmation,) = bench.delivered(SENDER)
    ((name, media_type, content),) = attached(confirmation)
    assert (name, media_type) == ("phieu-tiep-nhan-1-2026.pdf", "application/pdf")
    (tmp_path / name).write_bytes(content)
    return tmp_path / name


async def events(bench: Bench) -> list[Event]:
    head = await bench.office.desk.store.journal_head()
    found = [await bench.office.queries.event(number) for number in range(1, head.sequence + 1)]
    assert await bench.office.queries.event(head.sequence + 1) is None
    assert found[-1] is not None
    assert found[-1].hash == head.hash
    return [event for event in found if event]


async def receipt_in(path: Path, bench: Bench, settings: Settings) -> Receipt:
    reading = await bench.office.sandbox.run(read_receipt_job, path, own_certificates(settings))
    assert reading.fault == ""
    assert reading.receipt is not None
    return reading.receipt


async def test_it_says_what_the_register_says_and_the_journal_has_its_digest(
    bench: Bench, settings: Settings, sent: Path
) -> None:
    receipt = await receipt_in(sent, bench, settings)
    document: Document = (await bench.office.queries.register())[0]
    brought = await bench.office.desk.store.mail(document.source)
    assert receipt.arrival_number == document.arrival_number == 1
    assert (receipt.received_at, receipt.registered_at) == (document.received_at, document.registered_at)
    assert (receipt.sender, receipt.mail_sha256) == (document.sender, brought.raw.sha256)
    assert [file.sha256 for file in receipt.files] == [file.sha256 for file in document.files]
    assert receipt.identifier == "01/BC-STD"
    assert receipt.link.endswith(f"/t/{document.token}")
    journal = await events(bench)
    assert receipt.head.hash == journal[receipt.head.sequence - 1].hash
    (registered,) = [event for event in journal if event.event.kind == "document.registered"]
    assert registered.sequence <= receipt.head.sequence
    (made,) = [event for event in journal if event.event.kind == "receipt.made"]
    assert made.event.document_id == document.id
    assert made.event.data == {
        "sha256": hashlib.sha256(sent.read_bytes()).hexdigest(),
        "head": receipt.head.sequence,
    }


async def test_it_is_named_in_the_confirmation_in_both_its_texts(bench: Bench, sent: Path) -> None:
    (confirmation,) = bench.delivered(SENDER)
    message = email.message_from_bytes(confirmation, policy=email.policy.default)
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        assert sent.name in body.get_content()


async def test_the_command_says_that_it_is_ours_and_agrees(tmp_path: Path, sent: Path) -> None:
    code, told = vanthu(tmp_path, "verify", str(sent))
    assert code == 0, told
    assert "ĐÚNG là phiếu của cổng" in told
    assert "số đến 1/2026" in told


async def test_the_command_tells_one_that_was_altered(tmp_path: Path, sent: Path) -> None:
    altered = tmp_path / "sua.pdf"
    altered.write_bytes(sent.read_bytes() + b"\n% them\n")
    code, told = vanthu(tmp_path, "verify", str(altered))
    assert code == 1
    assert "KHÔNG ĐÚNG: tệp có nội dung không nằm trong chữ ký" in told


async def test_the_command_tells_a_register_that_was_changed(bench: Bench, tmp_path: Path, sent: Path) -> None:
    await changed(bench, "UPDATE document SET arrival_number = 9")
    code, told = vanthu(tmp_path, "verify", str(sent), "--json")
    answer = json.loads(told)
    assert (code, answer["valid"], answer["signed_by_us"], answer["arrival_number"]) == (1, False, True, 1)
    assert answer["faults"] == ["số đến: phiếu ghi 1/2026, sổ ghi 9/2026"]


async def changed(bench: Bench, statement: str) -> None:
    """As somebody with the password of the database can."""
    database = Database(bench.office.settings.store.url())
    async with database.write() as connection:
        await connection.execute(text(statement))
    await database.close()


@pytest.mark.parametrize(
    ("statement", "told_of"),
    [
        ("UPDATE event SET actor = 'ai khac' WHERE sequence = 1", "chuỗi nhật ký đứt ở sự kiện số 1"),
        ("DELETE FROM event WHERE sequence > 1", "đã bị cắt bỏ"),
        ("UPDATE event SET hash = 'x' WHERE kind = 'document.registered'", "chuỗi nhật ký đứt"),
        ("UPDATE document SET received_at = '2026-11-22 01:15:00.000000'", "thời điểm nhận: phiếu ghi"),
        ("UPDATE document SET sender = 'ai khac'", "nơi gửi: phiếu ghi"),
        ("UPDATE mail SET raw_sha256 = 'x'", "thư gốc (SHA-256): phiếu ghi"),
        (
            "UPDATE document SET abstract = 'Về việc khác'",
            "trích yếu: phiếu ghi Về việc báo cáo định kỳ, sổ ghi Về việc khác",
        ),
    ],
    ids=["event-changed", "journal-cut", "hash-changed", "moment", "sender", "mail", "abstract"],
)
async def test_whatever_was_changed_in_register_and_journal_is_told(
    bench: Bench, settings: Settings, sent: Path, statement: str, told_of: str
) -> None:
    receipt = await receipt_in(sent, bench, settings)
    assert discrepancies(receipt, await kept_of(receipt, kept_by(bench.office))) == ()
    await changed(bench, statement)
    faults = discrepancies(receipt, await kept_of(receipt, kept_by(bench.office)))
    assert any(told_of in fault for fault in faults), faults


async def test_what_is_corrected_in_the_register_later_is_no_fault_but_noted(
    bench: Bench, settings: Settings, sent: Path
) -> None:
    receipt = await receipt_in(sent, bench, settings)
    store, records = bench.office.desk.store, kept_by(bench.office)
    assert corrections(receipt, await kept_of(receipt, records)) == ()
    (docket,) = await store.dockets([1])
    header = replace(docket.document.header, abstract="Về việc khác", issued_on=None)
    corrected = replace(docket, document=replace(docket.document, header=header))
    async with store.begin() as unit:
        await unit.keep_docket(docket, corrected, actor="vanthu@x", at=bench.clock.now())
    kept = await kept_of(receipt, records)
    assert discrepancies(receipt, kept) == ()
    assert corrections(receipt, kept) == (
        "ngày văn bản: khi cấp phiếu là 20/11/2026, nay sổ ghi chưa đọc được",
        "trích yếu: khi cấp phiếu là Về việc báo cáo định kỳ, nay sổ ghi Về việc khác",
    )


async def test_what_was_recalled_or_struck_out_is_noted_and_nobody_is_blamed(
    bench: Bench, settings: Settings, sent: Path
) -> None:
    receipt = await receipt_in(sent, bench, settings)
    store, records = bench.office.desk.store, kept_by(bench.office)
    docket = await store.docket(1)
    voided = replace(docket, state=DocumentState.VOIDED, document=replace(docket.document, note="Hủy số: nhầm"))
    async with store.begin() as unit:
        docket = await unit.keep_docket(docket, voided, actor="cli:root", at=bench.clock.now())
    kept = await kept_of(receipt, records)
    assert (discrepancies(receipt, kept), corrections(receipt, kept)) == ((), ("số này đã hủy (Hủy số: nhầm)",))
    recalled = replace(docket, state=DocumentState.RECALLED)
    async with store.begin() as unit:
        docket = await unit.keep_docket(docket, recalled, actor="cli:root", at=bench.clock.now())
        await destroy_document(docket, "cli:root", "cli", unit, bench.office.desk)
    kept = await kept_of(receipt, records)
    assert discrepancies(receipt, kept) == ()
    (note,) = corrections(receipt, kept)
    assert note.startswith("văn bản đã thu hồi lúc ")


class Refusing:
    """A relay that takes nothing, and remembers."""

    def __init__(self) -> None:
        self.refused: list[Outgoing] = []

    async def send(self, outgoing: Outgoing) -> DeliveryResult:
        self.refused.append(outgoing)
        return DeliveryResult(DeliveryOutcome.PERMANENT, "550 5.1.1 unknown")


async def test_sent_again_it_is_the_same_to_the_byte(bench: Bench, settings: Settings) -> None:
    relay = Refusing()
    async with bench.with_desk(receipts=receipts_of(settings, bench.clock), sender=relay):
        brought = await bench.end_of(mail(("bao-cao.txt", page_one(1))))
    (first,) = [outgoing.content for outgoing in relay.refused if outgoing.recipient == SENDER]
    notices = (await bench.office.queries.story(brought.id)).notices
    (notice,) = [notice for notice in notices if notice.owed.recipient == SENDER]
    bench.clock.pass_(60 * MINUTE)
    async with bench.office.desk.store.begin() as unit:
        await unit.notice_retry(notice, bench.clock.now())
    await bench.work()
    (second,) = bench.delivered(SENDER)
    assert attached(first) == attached(second) != []
    assert [event.event.kind for event in await events(bench)].count("receipt.made") == 1


async def test_a_key_that_cannot_sign_keeps_no_sender_waiting(bench: Bench, settings: Settings, tmp_path: Path) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "khoa.pem").write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    async with bench.with_desk(receipts=receipts_of(settings, bench.clock)):
        await bench.end_of(mail(("bao-cao.txt", page_one(1))))
    (confirmation,) = bench.delivered(SENDER)
    assert attached(confirmation) == []
    (failed,) = [event for event in await events(bench) if event.event.kind == "receipt.failed"]
    assert "khóa riêng không phải của chứng thư" in str((failed.event.data or {})["cause"])


async def test_without_a_certificate_there_is_none(bench: Bench) -> None:
    assert bench.office.desk.receipts is None
    await bench.end_of(mail(("bao-cao.txt", page_one(1))))
    (confirmation,) = bench.delivered(SENDER)
    assert attached(confirmation) == []


async def test_the_arrival_stamp_goes_on_a_copy(bench: Bench, settings: Settings, tmp_path: Path) -> None:
    assert settings.receipts.certificate
    content = decision_pdf()
    await bench.end_of(mail(("quyet-dinh.pdf", content)))
    output = tmp_path / "dau-den.pdf"
    code, told = vanthu(tmp_path, "stamp", "1/2026", "--output", str(output))
    assert code == 0, told
    with PdfDocument(output) as copy:
        assert len(copy) == 1
        words = "".join(copy[0].get_textpage().get_text_range().split())
    assert "ĐẾNSố:1/2026Ngày:23/11/2026" in words
    (document,) = await bench.office.queries.register()
    assert await bench.office.blobs.read(document.files[0].sha256) == content


async def test_no_stamp_for_a_number_that_was_never_given(settings: Settings, tmp_path: Path) -> None:
    assert settings.receipts.certificate
    output = tmp_path / "dau-den.pdf"
    assert vanthu(tmp_path, "stamp", "7/2026", "--output", str(output)) == (1, "vanthu: sổ không có số đến 7/2026\n")
    assert not output.exists()
