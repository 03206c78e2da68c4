"""Our own signatures, checked by dkimpy and by ourselves."""

from __future__ import annotations

from datetime import UTC, datetime

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.adapters.mail_auth import DkimSigner
from gateway.clock import SystemClock
from gateway.errors import SettingsError
from tests.adapters.mail_auth.signed import PrivateKey, ed25519_key, letter, pem, record, rsa_key

CLOCK = SystemClock()


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 11, 22, 12, tzinfo=UTC)


def verified(mail: bytes, key: PrivateKey) -> bool:
    """What dkimpy, which knows nothing of ours, says."""
    return bool(dkim.verify(mail, dnsfunc=lambda name, timeout=5: record(key)))


@pytest.mark.parametrize("key", [rsa_key(), ed25519_key()], ids=["rsa", "ed25519"])
def test_a_signed_mail_verifies_and_a_changed_one_does_not(key: PrivateKey) -> None:
    mail = letter("a@so.vn", b"Body \r\n\r\n", b"Auto-Submitted: auto-replied", b"X-Vanthu-Instance: sgtvt")
    signed = DkimSigner("SO.vn", "sel", pem(key), CLOCK).sign(mail)
    assert signed.endswith(mail)
    assert verified(signed, key)
    for before, after in (
        (b"Body", b"Bady"),
        (b"auto-replied", b"no"),
        (b": sgtvt", b": other"),
        (b"a@so.vn", b"b@so.vn"),
    ):
        assert not verified(signed.replace(before, after), key)


def test_a_second_from_breaks_the_signature() -> None:
    signed = DkimSigner("so.vn", "sel", pem(rsa_key()), CLOCK).sign(letter())
    for forged in (b"From: x@y.vn\r\n" + signed, signed.replace(b"\r\n\r\n", b"\r\nFrom: x@y.vn\r\n\r\n", 1)):
        assert not verified(forged, rsa_key())


def test_a_signature_bears_the_time_of_the_clock() -> None:
    signed = DkimSigner("so.vn", "sel", pem(rsa_key()), Noon()).sign(letter())
    assert f"; t={int(Noon().now().timestamp())};".encode() in signed


def test_lines_of_the_field_are_short() -> None:
    signed = DkimSigner("so.quangngai.gov.vn", "sel", pem(rsa_key(4096)), CLOCK).sign(letter())
    assert max(len(line) for line in signed.partition(b"\r\nFrom:")[0].split(b"\r\n")) <= 78


@pytest.mark.parametrize(
    "key",
    [b"", b"-----BEGIN PRIVATE KEY-----\nGEHEIM\n-----END PRIVATE KEY-----\n", b"GEHEIM"],
    ids=["empty", "broken", "junk"],
)
def test_an_unusable_key_is_told_without_quoting_it(key: bytes) -> None:
    with pytest.raises(SettingsError) as caught:
        DkimSigner("so.vn", "sel", key, CLOCK)
    assert "GEHEIM" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_keys_of_other_kinds_and_impossible_names_are_refused() -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for domain, selector, key in (
        ("so.vn", "sel", curve),
        ("so vn", "sel", pem(rsa_key())),
        ("so.vn", "", pem(rsa_key())),
    ):
        with pytest.raises(SettingsError):
            DkimSigner(domain, selector, key, CLOCK)


@pytest.mark.parametrize("mail", [b"", b"Subject: x\r\n\r\n", b" junk\r\n\r\n", b"junk\r\n\r\n"])
def test_what_has_no_author_is_not_signed(mail: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be signed"):
        DkimSigner("so.vn", "sel", pem(rsa_key()), CLOCK).sign(mail)
