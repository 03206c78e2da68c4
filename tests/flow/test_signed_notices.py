"""What we send can be told to be ours."""

from __future__ import annotations

import base64

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from gateway.adapters.mail_auth import DkimSigner
from gateway.app import ThreadedSigner
from gateway.clock import SystemClock
from tests.flow.conftest import Bench
from tests.mails import SENDER, mail, page_one


async def test_every_notice_bears_our_signature_and_copies_are_the_same(bench: Bench) -> None:
    key = generate_private_key(65537, 2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    signer = ThreadedSigner(DkimSigner("quangngai.gov.vn", "vanthu", pem, SystemClock()))
    async with bench.with_desk(signer=signer):
        await bench.end_of(mail(("a.txt", page_one(1))))
    (receipt,) = bench.delivered(SENDER)
    sent = receipt.partition(b"\r\n")[2]
    asked = []

    def key_of(name: bytes, timeout: float = 5) -> bytes:
        asked.append(name)
        return record

    assert dkim.verify(sent, dnsfunc=key_of)
    assert asked == [b"vanthu._domainkey.quangngai.gov.vn."]
    assert not dkim.verify(sent.replace(b"Subject: ", b"Subject: x", 1), dnsfunc=key_of)
