"""An authority on loopback is asked about the signer of a file, and what it says decides."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gateway.app import sandbox_of
from gateway.clock import SystemClock
from gateway.demo.pki import Identity
from gateway.inspecting import inspecting
from gateway.model.facts import FileFacts
from gateway.model.signature import Revocation, Signature, SignatureVerdict
from gateway.settings import settings_from
from tests.adapters.signatures.table_shapes import with_store
from tests.certificates import DAY, authority, crl, issue
from tests.pki import plain_pdf, sign_pdf

NOW = datetime.now(UTC).replace(microsecond=0)
LIST = "http://crl.authority.example/list.crl"


@contextmanager
def serving(content: bytes | None) -> Iterator[tuple[int, list[str]]]:
    """A server that gives out the list, or nothing at all; its port and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404 if content is None else 200)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_address[1], asked
        finally:
            server.shutdown()
            thread.join()


async def facts_of(folder: Path, root: Identity, signed: bytes, port: int, times: int = 1) -> list[FileFacts]:
    """What is found out about a file, `times` over, by an office that asks."""
    (folder / "trust").mkdir(exist_ok=True)
    (folder / "trust" / "root.pem").write_bytes(root.pem)
    (folder / "a.pdf").write_bytes(signed)
    settings = settings_from(
        {
            "sandbox": {"workers": 1},
            "signatures": {
                "anchors": "trust",
                "fetch_revocation": True,
                "revocation_cache": "cache",
                "fetch_hosts": [f"crl.authority.example -> 127.0.0.1:{port}"],
            },
        },
        folder,
    )
    sandbox = sandbox_of(settings, folder)
    try:
        async with inspecting(settings, sandbox, SystemClock()) as inspector:
            return [await inspector.inspect(folder / "a.pdf", "0" * 64, "application/pdf") for _ in range(times)]
    finally:
        await sandbox.close()


def sole(facts: FileFacts) -> Signature:
    (signature,) = facts.signatures
    return signature


@pytest.mark.parametrize("revoked", [False, True])
async def test_what_an_authority_lists_decides_and_it_is_asked_once(tmp_path: Path, *, revoked: bool) -> None:
    root = authority(None, "Gốc hỏi được", NOW - 400 * DAY)
    seal = issue(root, "SỞ HỎI ĐƯỢC", NOW - 300 * DAY, lists=LIST)
    listed = crl(root, NOW - timedelta(hours=1), [(seal, NOW - 20 * DAY)] if revoked else [])
    signed = sign_pdf(plain_pdf(), seal, signed_at=NOW - timedelta(hours=2), field="S")
    with serving(listed) as (port, asked):
        first, second = await facts_of(tmp_path, root, signed, port, times=2)
    assert asked == ["/list.crl"]
    assert sole(first) == sole(second)
    told = (sole(first).verdict, sole(first).revocation)
    assert told == (
        (SignatureVerdict.UNTRUSTED, Revocation.REVOKED) if revoked else (SignatureVerdict.VALID, Revocation.GOOD)
    )
    (used,) = sole(first).revocations
    assert (used.source, used.sha256 in sole(first).proofs) == ("cached", True)


async def test_an_old_list_sent_along_does_not_keep_the_authority_from_being_asked(tmp_path: Path) -> None:
    """A stolen key: dated back to before the certificate was revoked, with the list of that day."""
    root = authority(None, "Gốc hỏi lại", NOW - 400 * DAY)
    seal = issue(root, "SỞ MẤT KHÓA", NOW - 300 * DAY, lists=LIST)
    signed = sign_pdf(plain_pdf(), seal, signed_at=NOW - 40 * DAY, field="S")
    signed = with_store(signed, crls=[crl(root, NOW - 41 * DAY)])
    with serving(crl(root, NOW - timedelta(hours=1), [(seal, NOW - 20 * DAY)])) as (port, asked):
        (facts,) = await facts_of(tmp_path, root, signed, port)
    assert asked == ["/list.crl"]
    assert (sole(facts).verdict, sole(facts).revocation) == (SignatureVerdict.UNTRUSTED, Revocation.REVOKED)


async def test_an_authority_that_does_not_tell_changes_no_verdict(tmp_path: Path) -> None:
    root = authority(None, "Gốc im lặng", NOW - 400 * DAY)
    signed = sign_pdf(plain_pdf(), issue(root, "SỞ CHỜ", NOW - 300 * DAY, lists=LIST), signed_at=NOW, field="S")
    with serving(None) as (port, _):
        (facts,) = await facts_of(tmp_path, root, signed, port)
    assert (sole(facts).verdict, sole(facts).revocation) == (SignatureVerdict.VALID, Revocation.NOT_KNOWN)


async def test_for_a_stranger_nobody_is_asked(tmp_path: Path) -> None:
    root, other = (authority(None, name, NOW - 400 * DAY) for name in ("Gốc nhà", "Gốc lạ"))
    signed = sign_pdf(plain_pdf(), issue(other, "SỞ LẠ", NOW - 300 * DAY, lists=LIST), signed_at=NOW, field="S")
    with serving(crl(other, NOW)) as (port, asked):
        (facts,) = await facts_of(tmp_path, root, signed, port)
    assert (sole(facts).verdict, asked) == (SignatureVerdict.UNTRUSTED, [])
