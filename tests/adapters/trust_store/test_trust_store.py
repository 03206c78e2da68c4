"""Certificates read from files, and the folder that they are kept in."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import pem
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import serialize_certificates

from gateway.adapters.signatures import load_anchors
from gateway.adapters.trust_store import LocalTrustFolder, NotACertificate, described, read_brought, read_certificates
from gateway.demo.pki import make_authority, make_root
from gateway.errors import SettingsError
from gateway.model.trust import AuthorityCertificate
from tests.pki import AGENCY, NOW, pki

ROOT, AUTHORITY, SEAL = pki().root, pki().authority, pki().seal


async def put(folder: Path, *ders: bytes) -> list[AuthorityCertificate]:
    """Stage and publish certificates as the command does."""
    certificates = [described(der) for der in ders]
    staged = await LocalTrustFolder(folder, {described(der).sha256: der for der in ders}).stage(certificates)
    await staged.publish()
    return certificates


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_pem_with_several_and_der_with_one_are_read(tmp_path: Path, newline: bytes) -> None:
    bundle, single = tmp_path / "bundle.pem", tmp_path / "one.cer"
    text = b"# a remark\n" + ROOT.pem + b"\nanother\n" + AUTHORITY.pem + ROOT.pem
    bundle.write_bytes(text.replace(b"\n", newline))
    single.write_bytes(AUTHORITY.der)
    assert list(read_certificates(bundle).values()) == [ROOT.der, AUTHORITY.der]
    assert list(read_certificates(single).values()) == [AUTHORITY.der]


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_a_bundle_as_authorities_publish_them_is_taken_from_operators_alone(tmp_path: Path, encoding: Encoding) -> None:
    file = tmp_path / "bundle.p7b"
    file.write_bytes(serialize_certificates([ROOT.certificate, AUTHORITY.certificate], encoding))
    assert set(read_brought(file).values()) == {ROOT.der, AUTHORITY.der}
    with pytest.raises(NotACertificate):
        read_certificates(file)


def test_a_single_certificate_is_brought_as_well(tmp_path: Path) -> None:
    file = tmp_path / "x"
    for content in (ROOT.der, ROOT.pem):
        file.write_bytes(content)
        assert list(read_brought(file).values()) == [ROOT.der]


NO_CERTIFICATES = {
    "nothing": b"",
    "text": b"hello",
    "no length": b"\x30\x80",
    "a key": pem.armor("PRIVATE KEY", b"secret"),
    "garbage in PEM": pem.armor("CERTIFICATE", b"garbage"),
    "one whole and one cut": ROOT.pem + pem.armor("CERTIFICATE", AUTHORITY.der[:-5]),
    "a byte too many": ROOT.der + b"\0",
    "DER cut": ROOT.der[:100],
    "PEM cut": ROOT.pem[:200],
    "PEM damaged": ROOT.pem.replace(b"MI", b"\xff\xfe", 1),
}


@pytest.mark.parametrize("how", NO_CERTIFICATES)
def test_what_is_no_certificate_is_told_in_one_line(tmp_path: Path, how: str) -> None:
    file = tmp_path / "x.pem"
    file.write_bytes(NO_CERTIFICATES[how])
    for read in (read_certificates, read_brought):
        with pytest.raises(NotACertificate, match=r"không phải chứng thư X\.509") as caught:
            read(file)
        assert str(file) in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "x.pem"
    with file.open("wb") as written:
        written.truncate(2**40)
    with pytest.raises(NotACertificate, match="1 MB"):
        read_certificates(file)


def test_an_authority_is_told_from_others() -> None:
    root, authority, seal = described(ROOT.der), described(AUTHORITY.der), described(SEAL.der)
    assert (root.root, authority.root, root.refusal, authority.refusal) == (True, False, "", "")
    assert "không ghi CA" in seal.refusal
    assert seal.name == AGENCY
    assert root.may_have_issued(authority)
    assert authority.may_have_issued(seal)
    assert not root.may_have_issued(seal)
    assert authority.issuer == root.name
    assert root.subject == f"CN={root.name}, O=Ban Cơ yếu trình diễn, C=VN"


async def test_what_is_published_is_what_signatures_are_traced_to(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "trust"
    await put(folder, ROOT.der, AUTHORITY.der)
    anchors = load_anchors(folder)
    assert (anchors.roots, anchors.intermediates) == ((ROOT.der,), (AUTHORITY.der,))
    assert [each.sha256 for each in await LocalTrustFolder(folder).kept()] == [
        described(ROOT.der).sha256,
        described(AUTHORITY.der).sha256,
    ]
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o644, "the service reads what root has put there"
        assert file.name.isascii()
        assert file.suffix == ".pem"


async def test_what_is_staged_only_is_trusted_by_nobody(tmp_path: Path) -> None:
    root = described(ROOT.der)
    staged = await LocalTrustFolder(tmp_path, {root.sha256: ROOT.der}).stage([root])
    assert load_anchors(tmp_path).roots == ()
    assert await LocalTrustFolder(tmp_path).kept() == ()
    await staged.discard()
    assert list(tmp_path.iterdir()) == []
    await staged.discard()


async def test_nothing_is_left_of_a_staging_that_fails(tmp_path: Path) -> None:
    root, authority = described(ROOT.der), described(AUTHORITY.der)
    with pytest.raises(KeyError):
        await LocalTrustFolder(tmp_path, {root.sha256: ROOT.der}).stage([root, authority])
    assert list(tmp_path.iterdir()) == []


async def test_names_that_are_alike_or_strange_make_files_of_their_own(tmp_path: Path) -> None:
    names = ["Gốc ../../etc/passwd", "Gốc ../../etc/passwd", "ĐƯỜNG\0", "漢字", "-" * 64]
    roots = [make_root(NOW, name) for name in names]
    await put(tmp_path / "trust", *(root.der for root in roots))
    assert set(load_anchors(tmp_path / "trust").roots) == {root.der for root in roots}
    assert [path.name for path in tmp_path.iterdir()] == ["trust"]


async def test_a_removed_certificate_is_gone_from_every_file_and_the_others_stay(tmp_path: Path) -> None:
    await put(tmp_path, ROOT.der)
    (tmp_path / "by-hand.crt").write_bytes(ROOT.pem + AUTHORITY.pem)
    (tmp_path / "again.der").write_bytes(ROOT.der)
    (tmp_path / "list.crl").write_bytes(b"not looked at")
    await LocalTrustFolder(tmp_path).remove(described(ROOT.der).sha256)
    assert {path.name for path in tmp_path.iterdir()} == {"by-hand.crt", "list.crl"}
    assert read_certificates(tmp_path / "by-hand.crt").popitem()[1] == AUTHORITY.der


async def test_roots_come_first_and_each_once(tmp_path: Path) -> None:
    other = make_authority(make_root(NOW, "Z"), NOW - timedelta(days=1), "A")
    for number, content in enumerate([AUTHORITY.pem, other.pem, ROOT.pem, ROOT.der]):
        (tmp_path / f"{number}.pem").write_bytes(content)
    kept = await LocalTrustFolder(tmp_path).kept()
    assert [each.root for each in kept] == [True, False, False]
    assert [each.name for each in kept[1:]] == sorted(each.name for each in kept[1:])


async def test_a_folder_that_is_not_there_is_empty_and_one_with_rubbish_is_a_fault(tmp_path: Path) -> None:
    assert await LocalTrustFolder(tmp_path / "none").kept() == ()
    (tmp_path / "bad.pem").write_bytes(b"rubbish")
    with pytest.raises(SettingsError, match=r"signatures\.anchors.*bad\.pem"):
        await LocalTrustFolder(tmp_path).kept()
