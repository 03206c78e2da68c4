"""A receipt holds: other programs call it valid, nothing in it can be changed unseen, and nobody else can make one."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import segno
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdfium2 import PdfDocument

from gateway.adapters.papers import read as reading
from gateway.adapters.papers.keys import KeyInFile, read_certificates
from gateway.adapters.papers.read import read_receipt
from gateway.adapters.papers.signing import ReceiptSigner
from gateway.demo.pki import sign_pdf
from gateway.errors import ReceiptFailure, SettingsError
from gateway.model.receipt import ATTACHED_AS, ReceiptReading, from_json, to_json
from tests.adapters.papers.making import (
    EVERY_LETTER,
    NOW,
    RECEIPT,
    StoppedClock,
    issued,
    made,
    private,
    sheets,
    signer,
)

OURS = (issued().gateway.der,)


@pytest.fixture(scope="module")
def receipt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("receipt"))


def read_bytes(content: bytes, folder: Path, certificates: tuple[bytes, ...] = OURS) -> ReceiptReading:
    path = folder / "read.pdf"
    path.write_bytes(content)
    return read_receipt(path, certificates)


def test_it_is_whole_ours_and_says_to_machines_what_it_says_to_people(receipt: Path) -> None:
    found = read_receipt(receipt, OURS)
    assert found.fault == ""
    assert found.receipt == RECEIPT
    assert found.signed_at == NOW
    assert found.timestamped_at is None


def test_poppler_calls_it_valid_and_signed_as_a_whole(receipt: Path) -> None:
    told = subprocess.run(["pdfsig", "-nocert", str(receipt)], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told


def test_the_command_line_of_pyhanko_calls_it_valid(receipt: Path, tmp_path: Path) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(issued().root.pem)
    command = [str(Path(sys.executable).with_name("pyhanko")), "sign", "validate", "--no-revocation-check"]
    command += ["--trust", str(root), "--validation-time", NOW.isoformat(), "--pretty-print", str(receipt)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "The signature is judged VALID" in told.stdout
    assert "covers the entire file" in told.stdout


def test_everything_stands_on_the_sheet_in_letters_that_go_along(receipt: Path) -> None:
    with PdfDocument(receipt) as document:
        text = " ".join(page.get_textpage().get_text_range() for page in document)
    flat, close = " ".join(text.split()), "".join(text.split())
    for words in ("PHIẾU TIẾP NHẬN VĂN BẢN ĐIỆN TỬ", "17/2026", "955/QĐ-UBND", "20/11/2026", "D17", "M3"):
        assert words in flat
    for words in (RECEIPT.agency, RECEIPT.sender, RECEIPT.paper, RECEIPT.link, RECEIPT.head.hash, "1234"):
        assert words.replace(" ", "") in close
    for words in ("09 giờ 03 phút, ngày 23/11/2026", "09 giờ 04 phút, ngày 23/11/2026"):
        assert words.replace(" ", "") in close
    for file in RECEIPT.files:
        assert file.sha256 in close
        assert file.name.replace(" ", "") in close
        assert str(file.size) in close
    assert EVERY_LETTER.replace(" ", "") in close
    fonts = subprocess.run(["pdffonts", str(receipt)], capture_output=True, text=True, check=True).stdout
    assert all("yes yes yes" in line for line in fonts.splitlines()[2:])


def test_the_code_on_it_is_the_link() -> None:
    short = replace(RECEIPT, files=(), abstract="Ngắn", sender="Ngắn", paper="")
    with PdfDocument(sheets().draw(short)) as document:
        page = document[0].render(scale=6, grayscale=True).to_pil()
    beside = page.crop((int(page.width * 0.75), page.height // 5, page.width, int(page.height * 0.9)))
    drawn = beside.crop(beside.point([255 * (shade < 128) for shade in range(256)]).getbbox())
    wanted = [list(row) for row in segno.make_qr(RECEIPT.link, error="m").matrix_iter(border=0)]
    module = drawn.width / len(wanted)
    seen = [
        [int(drawn.getpixel((int((x + 0.5) * module), int((y + 0.5) * module))) < 128) for x in range(len(wanted))]
        for y in range(len(wanted))
    ]
    assert seen == [[int(dark) for dark in row] for row in wanted]


def test_what_fills_more_than_a_page_goes_over_pages() -> None:
    signed = replace(RECEIPT.files[0], signatures=("Hợp lệ: Ủy ban nhân dân huyện Sơn Tịnh, con dấu điện tử",) * 100)
    long = replace(RECEIPT, files=(signed,), abstract="Về việc ban hành quy chế " * 400)
    with PdfDocument(sheets().draw(long)) as drawn:
        text = "".join("".join(page.get_textpage().get_text_range().split()) for page in drawn)
        assert len(drawn) > 2
    assert text.count("condấuđiệntử") >= 98, "one or two stand on two pages"
    assert text.count("quychế") >= 398


def test_a_long_list_of_files_goes_over_pages() -> None:
    many = replace(RECEIPT, files=RECEIPT.files * 20)
    with PdfDocument(sheets().draw(many)) as document:
        assert len(document) > 3
        text = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    assert text.count(RECEIPT.files[0].sha256) == 20
    assert "Tệp40." in text


@given(hostile=st.text(max_size=300))
@settings(max_examples=20, deadline=None)
def test_no_text_of_a_sender_breaks_the_sheet(hostile: str) -> None:
    odd = replace(RECEIPT.files[0], name=hostile, scan=hostile, signatures=(hostile,))
    assert sheets().draw(replace(RECEIPT, abstract=hostile, sender=hostile, paper=hostile, files=(odd,)))


@given(at=st.floats(0, 1, exclude_max=True), by=st.integers(1, 255))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_byte_is_changed_it_is_told_or_changes_nothing(
    receipt: Path, tmp_path: Path, at: float, by: int
) -> None:
    content = bytearray(receipt.read_bytes())
    content[int(at * len(content))] ^= by
    found = read_bytes(bytes(content), tmp_path)
    assert found.fault or found.receipt == RECEIPT


def test_what_is_added_after_signing_is_told(receipt: Path, tmp_path: Path) -> None:
    content = receipt.read_bytes()
    assert read_bytes(content + b"\n% them\n", tmp_path).fault == reading.ADDED
    once = sign_pdf(sheets().draw(RECEIPT), issued().gateway, field="Mot", signed_at=NOW)
    twice = sign_pdf(once, issued("Người khác").gateway, field="Hai", signed_at=NOW)
    assert read_bytes(twice, tmp_path).fault == reading.SEVERAL


def test_a_receipt_put_together_anew_from_ours_is_not_ours(receipt: Path, tmp_path: Path) -> None:
    rebuilt = BytesIO()
    with pikepdf.open(receipt) as file:
        file.attachments[ATTACHED_AS] = to_json(replace(RECEIPT, arrival_number=18))
        file.save(rebuilt)
    assert read_bytes(rebuilt.getvalue(), tmp_path).fault in {reading.ALTERED, reading.ADDED, reading.NOT_READ}
    assert read_bytes(sheets().draw(RECEIPT), tmp_path).fault == reading.NOT_SIGNED


def test_a_certificate_of_the_same_name_does_not_make_it_ours(tmp_path: Path) -> None:
    forged = made(tmp_path, pki=issued.__wrapped__())
    assert read_receipt(forged, OURS).fault == reading.NOT_OURS


def test_receipts_of_an_earlier_certificate_are_still_known(tmp_path: Path) -> None:
    earlier = issued.__wrapped__()
    old = made(tmp_path, pki=earlier)
    assert read_receipt(old, (*OURS, earlier.gateway.der)).receipt == RECEIPT


def test_what_we_signed_that_is_no_receipt_is_told(tmp_path: Path) -> None:
    other = sign_pdf(sheets().draw(RECEIPT), issued().gateway, field="X", signed_at=NOW)
    assert read_bytes(other, tmp_path).fault == reading.WITHOUT_DATA
    broken = signer(tmp_path).sign(sheets().draw(RECEIPT), b'{"form": "vanthu.receipt/1"}')
    assert read_bytes(broken, tmp_path).fault == reading.WITHOUT_DATA


@given(content=st.binary(max_size=400))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_answered(tmp_path: Path, content: bytes) -> None:
    assert read_bytes(b"%PDF-1.7\n" + content, tmp_path).fault in {reading.NOT_READ, reading.NOT_SIGNED}


@pytest.mark.parametrize("days", [-5, 6 * 365])
def test_nothing_is_signed_outside_the_time_of_the_certificate(tmp_path: Path, days: int) -> None:
    at_work = signer(tmp_path, now=NOW + timedelta(days=days))
    with pytest.raises(ReceiptFailure, match=r"receipts\.certificate: chứng thư chỉ có hiệu lực từ"):
        at_work.sign(sheets().draw(RECEIPT), to_json(RECEIPT))


def test_what_claims_to_be_signed_outside_the_time_of_its_certificate_is_told(tmp_path: Path) -> None:
    late = sign_pdf(sheets().draw(RECEIPT), issued().gateway, field="X", signed_at=NOW + timedelta(days=6 * 365))
    assert read_bytes(late, tmp_path).fault == reading.NOT_IN_FORCE


def test_the_key_must_be_that_of_the_certificate_and_readable(tmp_path: Path) -> None:
    certificate, key = issued().written(tmp_path)

    def attempt(place: Path) -> None:
        at_work = ReceiptSigner(
            lambda: read_certificates(certificate), KeyInFile(lambda: place), StoppedClock(), place="Quảng Ngãi"
        )
        at_work.sign(sheets().draw(RECEIPT), b"{}")

    attempt(key)
    key.write_bytes(private(issued().authority))
    with pytest.raises(ReceiptFailure, match="không phải của chứng thư"):
        attempt(key)
    with pytest.raises(ReceiptFailure, match="không phải là khóa riêng"):
        attempt(certificate)
    with pytest.raises(ReceiptFailure, match="không đọc được khóa riêng"):
        attempt(tmp_path / "missing.pem")


def test_a_secret_that_cannot_be_had_is_a_receipt_that_cannot_be_signed(tmp_path: Path) -> None:
    certificate, _ = issued().written(tmp_path)

    def nowhere() -> Path:
        raise SettingsError("credential:receipts-key: chỉ đọc được khi systemd chạy dịch vụ")

    at_work = ReceiptSigner(
        lambda: read_certificates(certificate), KeyInFile(nowhere), StoppedClock(), place="Quảng Ngãi"
    )
    with pytest.raises(ReceiptFailure, match="systemd"):
        at_work.sign(sheets().draw(RECEIPT), b"{}")


def test_a_file_that_is_no_certificate_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.pem"
    for content in (b"", b"khong phai", private(issued().gateway)):
        path.write_bytes(content)
        with pytest.raises(ReceiptFailure, match="không phải là chứng thư"):
            read_certificates(path)
    path.write_bytes(issued().gateway.der)
    assert read_certificates(path)[0].dump() == issued().gateway.der


def test_the_data_for_machines_come_back_as_they_went() -> None:
    assert from_json(to_json(RECEIPT)) == RECEIPT
    bare = replace(RECEIPT, identifier=None, issued_on=None, abstract=None, files=(), paper="")
    assert from_json(to_json(bare)) == bare
