"""`vanthu verify`: whether a receipt is ours, as we signed it, and what register and journal say to it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from gateway.app import sandbox_of
from gateway.cli.output import complain, print_json, say, when
from gateway.cli.session import EX_CONFIG, AsJson, Config, Records, id_of, records_of, run
from gateway.model.docket import DocumentState
from gateway.model.receipt import Receipt, ReceiptReading
from gateway.policy.receipt import Kept, corrections, discrepancies
from gateway.receipts import own_certificates
from gateway.settings import Settings
from gateway.workers import read_receipt_job

PdfFile = Annotated[
    Path, typer.Argument(metavar="TỆP.pdf", exists=True, dir_okay=False, readable=True, help="Phiếu tiếp nhận.")
]


def verify(file: PdfFile, config: Config = None, as_json: AsJson = False) -> None:
    """Kiểm tra phiếu tiếp nhận: chữ ký của cổng, đối chiếu với sổ và nhật ký; mã thoát 1 nếu không đúng."""
    if not run(_verify(file.absolute(), config, as_json=as_json)):
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _Answer:
    """Everything found out. `faults` keep the receipt from being good, `notes` do not."""

    reading: ReceiptReading
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()


async def _verify(file: Path, config: Path | None, *, as_json: bool) -> bool:
    async with records_of(config) as records:
        reading = await _read(file, records.settings)
        receipt = reading.receipt
        answer = _Answer(reading, (reading.fault,)) if receipt is None else await _compared(reading, receipt, records)
    if as_json:
        _print(answer)
    else:
        _tell(file, answer)
    return not answer.faults


async def _read(file: Path, settings: Settings) -> ReceiptReading:
    certificates = own_certificates(settings)
    if not certificates:
        complain("cấu hình chưa có receipts.certificate, receipts.earlier nên không biết phiếu nào là của cổng")
        raise typer.Exit(EX_CONFIG)
    sandbox = sandbox_of(settings)
    try:
        return await sandbox.run(read_receipt_job, file, certificates)
    finally:
        await sandbox.close()


async def _compared(reading: ReceiptReading, receipt: Receipt, records: Records) -> _Answer:
    kept = await kept_of(receipt, records)
    return _Answer(reading, discrepancies(receipt, kept), corrections(receipt, kept))


async def kept_of(receipt: Receipt, records: Records) -> Kept:
    """What is on record where the receipt points."""
    document, mail_sha256, corrected, voided = None, None, frozenset[str](), False
    with suppress(LookupError):
        work = await records.queries.work(id_of(receipt.document, "D"))
        document, voided = work.docket.document, work.docket.state is DocumentState.VOIDED
        corrected = frozenset(each.field for each in work.corrections)
        mail_sha256 = (await records.store.mail(document.source)).raw.sha256
    link = await records.queries.event(receipt.head.sequence)
    audit = await records.queries.audit()
    return Kept(document, mail_sha256, link.hash if link else None, audit.broken_at, corrected, voided)


def _tell(file: Path, answer: _Answer) -> None:
    reading, receipt = answer.reading, answer.reading.receipt
    if receipt is None:
        say(f"{file.name}: KHÔNG ĐÚNG: tệp {reading.fault}")
        return
    agrees = "KHÔNG KHỚP với sổ, nhật ký" if answer.faults else "ĐÚNG là phiếu của cổng, khớp sổ và nhật ký"
    say(f"{file.name}: {agrees}")
    say(f"  {receipt.book}, số đến {receipt.arrival_number}/{receipt.year}, văn bản {receipt.document}")
    if reading.signed_at:
        say(f"  Chữ ký nguyên vẹn, ký lúc {when(reading.signed_at)}")
    if reading.timestamped_at:
        say(f"  Dấu thời gian {when(reading.timestamped_at)} (chưa kiểm tra chứng thư của nơi cấp)")
    say(f"  Chứng thư ký, SHA-256: {reading.certificate}")
    for fault in answer.faults:
        say(f"  SAI: {fault}")
    for note in answer.notes:
        say(f"  Lưu ý: sổ đã được sửa, {note}")


def _print(answer: _Answer) -> None:
    reading, receipt = answer.reading, answer.reading.receipt
    print_json(
        {
            "valid": not answer.faults,
            "signed_by_us": not reading.fault,
            "faults": list(answer.faults),
            "notes": list(answer.notes),
            "certificate": reading.certificate or None,
            "signed_at": reading.signed_at.isoformat() if reading.signed_at else None,
            "timestamped_at": reading.timestamped_at.isoformat() if reading.timestamped_at else None,
            "document": receipt.document if receipt else None,
            "arrival_number": receipt.arrival_number if receipt else None,
            "year": receipt.year if receipt else None,
            "journal_head": receipt.head.sequence if receipt else None,
        }
    )
