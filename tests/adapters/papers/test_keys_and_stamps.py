"""The key in a PKCS#11 token, the time stamp of an authority: real ones, on this machine."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from asn1crypto import keys, tsp, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from gateway.adapters.papers.keys import KeyInToken, read_certificates
from gateway.adapters.papers.read import read_receipt
from gateway.adapters.papers.signing import ReceiptSigner
from gateway.demo.pki import make_stamper
from gateway.errors import ReceiptFailure
from gateway.model.receipt import to_json
from tests.adapters.papers.making import NOW, RECEIPT, StoppedClock, issued, sheets, signer

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "24680"
LATER = NOW + timedelta(seconds=7)


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyInToken]:
    """A token of SoftHSM with our key; the library reads its configuration once in a process."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    key = folder / "key.pem"
    key.write_bytes(issued().gateway.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    pins = ["--pin", PIN]
    for command in (
        ["--init-token", "--free", "--label", "van-thu", "--so-pin", "13579", *pins],
        ["--import", str(key), "--token", "van-thu", "--label", "phieu", "--id", "A1", *pins],
    ):
        subprocess.run(["softhsm2-util", *command], check=True, capture_output=True)
    yield KeyInToken(MODULE, "van-thu", "phieu", lambda: PIN)
    del os.environ["SOFTHSM2_CONF"]


def signed_by(key: KeyInToken, folder: Path) -> Path:
    certificate, _ = issued().written(folder)
    at_work = ReceiptSigner(lambda: read_certificates(certificate), key, StoppedClock(), place="Quảng Ngãi")
    path = folder / "phieu.pdf"
    path.write_bytes(at_work.sign(sheets().draw(RECEIPT), to_json(RECEIPT)))
    return path


def test_a_key_that_never_leaves_its_token_signs_time_and_again(token: KeyInToken, tmp_path: Path) -> None:
    for _ in range(2):
        receipt = signed_by(token, tmp_path)
        assert read_receipt(receipt, [issued().gateway.der]).receipt == RECEIPT
    told = subprocess.run(["pdfsig", "-nocert", str(receipt)], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid" in told


def test_a_wrong_pin_key_token_or_library_is_told(token: KeyInToken, tmp_path: Path) -> None:
    for wrong in (
        KeyInToken(MODULE, "van-thu", "phieu", lambda: "0000"),
        KeyInToken(MODULE, "van-thu", "khoa-khac", lambda: PIN),
        KeyInToken(MODULE, "token-khac", "phieu", lambda: PIN),
        KeyInToken(tmp_path / "missing.so", "van-thu", "phieu", lambda: PIN),
    ):
        with pytest.raises(ReceiptFailure, match=rf"thiết bị {wrong.token} không ký được") as told:
            signed_by(wrong, tmp_path)
        assert PIN not in str(told.value)
        assert "0000" not in str(told.value)
    assert PIN not in repr(token)
    assert signed_by(token, tmp_path).exists()


@contextmanager
def authority(*, answers: bool, content: bytes | None = None) -> Iterator[str]:
    """A time stamping authority on loopback; or one that says `content`, or nothing till the block ends."""
    identity = make_stamper(issued().authority, NOW)
    key = identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stamper = DummyTimeStamper(x509.Certificate.load(identity.der), keys.PrivateKeyInfo.load(key), fixed_dt=LATER)
    over = threading.Event()

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            if not answers:
                over.wait()
                return
            said = stamper.request_tsa_response(request).dump() if content is None else content
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            over.set()
            server.shutdown()
            thread.join()


def stamped(folder: Path, url: str, wait: float) -> Path:
    path = folder / "phieu.pdf"
    at_work = signer(folder, time_stamp=url, wait=wait)
    path.write_bytes(at_work.sign(sheets().draw(RECEIPT), to_json(RECEIPT)))
    return path


def test_an_authority_stamps_the_time(tmp_path: Path) -> None:
    with authority(answers=True) as url:
        receipt = stamped(tmp_path, url, 60)
    found = read_receipt(receipt, [issued().gateway.der])
    assert found.receipt == RECEIPT
    assert (found.signed_at, found.timestamped_at) == (NOW, LATER)


def test_without_its_answer_the_receipt_is_signed_all_the_same(tmp_path: Path) -> None:
    with authority(answers=False) as silent:
        quiet = stamped(tmp_path, silent, 0.2)
        assert read_receipt(quiet, [issued().gateway.der]).timestamped_at is None
    gone = stamped(tmp_path, silent, 60)
    found = read_receipt(gone, [issued().gateway.der])
    assert (found.fault, found.timestamped_at) == ("", None)


@pytest.mark.parametrize("content", [b"", b"<html>", bytes.fromhex("3003020100"), bytes.fromhex("300730030201003000")])
def test_nonsense_from_the_authority_keeps_no_receipt_from_being_signed(tmp_path: Path, content: bytes) -> None:
    with authority(answers=True, content=content) as url:
        found = read_receipt(stamped(tmp_path, url, 60), [issued().gateway.der])
    assert (found.fault, found.timestamped_at) == ("", None)
