"""Signatures beside and around what they sign, made by OpenSSL, from the mail to the register."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from gateway.demo.pki import Identity, Pki
from gateway.model.document import RegisteredFile
from gateway.model.mail import Mail, MailStage
from gateway.model.signature import Carrier, Coverage, SignatureVerdict
from tests.flow.conftest import Bench
from tests.mails import SENDER, mail, page_one

PAGE = page_one(31)


def openssl(folder: Path, identity: Identity, content: bytes, *options: str) -> bytes:
    """`openssl cms -sign` over the content by this identity."""
    (folder / "content").write_bytes(content)
    (folder / "certificate.pem").write_bytes(identity.pem)
    (folder / "key.pem").write_bytes(_key(identity))
    command = ["openssl", "cms", "-sign", "-in", "content", "-signer", "certificate.pem", "-inkey", "key.pem", *options]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout


def _key(identity: Identity) -> bytes:
    return identity.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def detached(folder: Path, identity: Identity, content: bytes) -> bytes:
    return openssl(folder, identity, content, "-binary", "-outform", "DER")


def enveloping(folder: Path, identity: Identity, content: bytes) -> bytes:
    return openssl(folder, identity, content, "-binary", "-nodetach", "-outform", "DER")


async def registered(bench: Bench, received: Mail) -> tuple[RegisteredFile, ...]:
    assert received.stage is MailStage.REGISTERED
    (document,) = await bench.office.queries.register()
    return document.files


async def test_a_signature_beside_its_file_is_registered_with_it(bench: Bench, pki: Pki, tmp_path: Path) -> None:
    beside = detached(tmp_path, pki.seal, PAGE)
    received = await bench.end_of(mail(("phu-luc.txt", "Phụ lục".encode()), ("a.txt", PAGE), ("a.txt.p7s", beside)))
    main, appendix = await registered(bench, received)
    (signature,) = main.signatures
    assert (signature.carrier, signature.verdict, signature.coverage) == (
        Carrier.CMS,
        SignatureVerdict.VALID,
        Coverage.WHOLE,
    )
    assert signature.signer == "SỞ TRÌNH DIỄN"
    assert signature.covers == (main.sha256,)
    assert appendix.signatures == ()


async def test_a_signature_of_no_file_in_the_mail_holds_it(bench: Bench, pki: Pki, tmp_path: Path) -> None:
    beside = detached(tmp_path, pki.seal, PAGE + b" ")
    received = await bench.end_of(mail(("a.txt", PAGE), ("a.txt.p7s", beside)))
    assert received.stage is MailStage.HELD
    told = bench.delivered(SENDER)[-1].decode()
    assert "a.txt.p7s" in told


async def test_a_file_inside_its_signature_is_registered_with_it(bench: Bench, pki: Pki, tmp_path: Path) -> None:
    received = await bench.end_of(mail(("a.txt.p7m", enveloping(tmp_path, pki.seal, PAGE))))
    (main,) = await registered(bench, received)
    assert (main.name, [each.verdict for each in main.signatures]) == ("a.txt", [SignatureVerdict.VALID])


@pytest.mark.parametrize("altered", [False, True])
async def test_the_signature_of_the_mail_itself_is_judged(
    bench: Bench, pki: Pki, tmp_path: Path, *, altered: bool
) -> None:
    head, _, body = mail(("a.txt", PAGE)).partition(b"\r\n\r\n")
    fields = head.split(b"\r\n")
    kept = [line for line in fields if not line.lower().startswith((b"content-", b"mime-", b" "))]
    kind = [line for line in fields if line.lower().startswith(b"content-")]
    signed = openssl(tmp_path, pki.person, b"\r\n".join(kind) + b"\r\n\r\n" + body, "-crlfeol")
    raw = b"\r\n".join(kept) + b"\r\n" + signed.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if altered:
        raw = raw.replace("Kính gửi Sở".encode(), "Kính gửi Sớ".encode()).replace(b"=E1=BB=9F", b"=E1=BB=9B", 1)
    received = await bench.end_of(raw)
    assert received.stage is (MailStage.HELD if altered else MailStage.REGISTERED)


async def test_the_proofs_of_a_verdict_are_kept(bench: Bench, pki: Pki, tmp_path: Path) -> None:
    received = await bench.end_of(mail(("a.txt", PAGE), ("a.txt.p7s", detached(tmp_path, pki.seal, PAGE))))
    ((signature,),) = [file.signatures for file in await registered(bench, received)]
    kept = [await bench.office.blobs.read(sha256) for sha256 in signature.proofs]
    assert pki.seal.der in kept
    assert signature.chain[0].sha256 in signature.proofs
    facts = await bench.office.desk.store.facts([main.sha256 for main in await registered(bench, received)])
    assert all(each.proofs == () for each in facts.values())
