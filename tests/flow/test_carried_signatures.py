"""Signatures beside and around what they sign, made by OpenSSL, from the mail to the register."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import serialization

from gateway.demo.pki import Identity, Pki
from gateway.model.document import RegisteredFile
from gateway.model.finding import Finding, Outcome
from gateway.model.mail import Mail, MailStage
from gateway.model.signature import Carrier, Coverage, SignatureVerdict
from handlers.dossier import Dossier
from handlers.inspect import inspect
from handlers.judge import judge
from handlers.parse import parse
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
    verdict = await bench.office.desk.store.verdict(received.id)
    assert verdict is not None
    assert any("chữ ký không khớp với tệp nào" in each.text for each in verdict.findings)


async def test_a_signature_file_that_nobody_signed_holds_the_mail(bench: Bench, pki: Pki, tmp_path: Path) -> None:
    """Certificates alone in the place of a signature: nothing is proved, which must not look like nothing to prove."""
    message = cms.ContentInfo.load(detached(tmp_path, pki.seal, PAGE))
    message["content"]["signer_infos"] = []
    received = await bench.end_of(mail(("a.txt", PAGE), ("a.txt.p7s", message.dump(force=True))))
    assert received.stage is MailStage.HELD


async def test_a_file_inside_its_signature_is_registered_with_it(bench: Bench, pki: Pki, tmp_path: Path) -> None:
    received = await bench.end_of(mail(("a.txt.p7m", enveloping(tmp_path, pki.seal, PAGE))))
    (main,) = await registered(bench, received)
    assert (main.name, [each.verdict for each in main.signatures]) == ("a.txt", [SignatureVerdict.VALID])


@pytest.mark.parametrize("altered", [False, True])
async def test_the_signature_of_the_mail_itself_is_judged(
    bench: Bench, pki: Pki, tmp_path: Path, *, altered: bool
) -> None:
    raw = signed_mail(tmp_path, pki.person)
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


def signed_mail(folder: Path, identity: Identity) -> bytes:
    """A mail with one file, signed as a whole."""
    head, _, body = mail(("a.txt", PAGE)).partition(b"\r\n\r\n")
    fields = head.split(b"\r\n")
    kept = [line for line in fields if not line.lower().startswith((b"content-", b"mime-", b" "))]
    kind = [line for line in fields if line.lower().startswith(b"content-")]
    signed = openssl(folder, identity, b"\r\n".join(kind) + b"\r\n\r\n" + body, "-crlfeol")
    return b"\r\n".join(kept) + b"\r\n" + signed.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


async def test_a_signer_who_is_not_the_sender_is_told_to_the_clerk(bench: Bench, pki: Pki, tmp_path: Path) -> None:
    received = await bench.end_of(signed_mail(tmp_path, pki.seal))
    assert received.stage is MailStage.REGISTERED
    (told,) = [each for each in await warnings(bench, received) if "smime.p7s" in (each.file or "")]
    assert "không đối chiếu được với người gửi" in told.text


async def warnings(bench: Bench, received: Mail) -> list[Finding]:
    verdict = await bench.office.desk.store.verdict(received.id)
    assert verdict is not None
    return [each for each in verdict.findings if each.outcome is Outcome.WARN]


async def test_a_signed_mail_passed_on_inside_another_is_not_held_for_its_signature(
    bench: Bench, pki: Pki, tmp_path: Path
) -> None:
    head, _, body = mail(("b.txt", page_one(32))).partition(b"\r\n\r\n")
    boundary = body[body.index(b"--") : body.index(b"\r\n")]
    inner = b"Content-Type: message/rfc822\r\n\r\n" + signed_mail(tmp_path, pki.person)
    received = await bench.end_of(head + b"\r\n\r\n" + boundary + b"\r\n" + inner + b"\r\n" + body)
    assert received.stage is MailStage.REGISTERED
    assert "Thư đính kèm hoặc một phần của thư" in " ".join(each.text for each in await warnings(bench, received))


async def test_what_a_signature_was_worth_in_another_mail_counts_for_nothing(
    bench: Bench, pki: Pki, tmp_path: Path
) -> None:
    """Facts are kept by the bytes of the signature: a genuine mail inspected in between would cover a forgery."""
    desk, beside = bench.office.desk, detached(tmp_path, pki.seal, PAGE)
    forged = await bench.receive(mail(("b.txt", page_one(32)), ("a.txt.p7s", beside)))
    inspected = await inspect(await parse(forged, desk, first := Dossier(forged, desk.store)), desk, first)
    genuine = await bench.receive(mail(("a.txt", PAGE), ("a.txt.p7s", beside), message_id="<2@agency.example>"))
    await inspect(await parse(genuine, desk, second := Dossier(genuine, desk.store)), desk, second)
    assert (await judge(inspected, desk, Dossier(forged, desk.store))).stage is MailStage.PARSED
    await bench.work()
    assert (await desk.store.mail(forged.id)).stage is MailStage.HELD
    assert (await desk.store.mail(genuine.id)).stage is MailStage.REGISTERED


async def test_why_a_signature_could_not_be_checked_is_not_taken_for_an_alteration(
    bench: Bench, pki: Pki, tmp_path: Path
) -> None:
    beside = openssl(tmp_path, pki.seal, PAGE, "-binary", "-outform", "DER", "-nocerts")
    received = await bench.end_of(mail(("a.txt", PAGE), ("a.txt.p7s", beside)))
    assert received.stage is MailStage.HELD
    verdict = await bench.office.desk.store.verdict(received.id)
    assert verdict is not None
    (told,) = [each.text for each in verdict.findings if each.outcome is Outcome.HOLD]
    assert "không kèm chứng thư" in told


async def test_a_mail_inside_its_signature_leaves_no_file_that_is_signed(
    bench: Bench, pki: Pki, tmp_path: Path
) -> None:
    """What is signed is the whole entity, not the file that is taken out of it."""
    entity = b'Content-Type: application/octet-stream; name="a.txt"\r\n\r\n' + PAGE
    received = await bench.end_of(mail(("ky.p7m", enveloping(tmp_path, pki.seal, entity))))
    for file in await registered(bench, received):
        assert file.signatures == ()
    assert "không bao trùm tệp nào" in " ".join(each.text for each in await warnings(bench, received))
