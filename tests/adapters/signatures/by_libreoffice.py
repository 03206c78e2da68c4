"""Makes the files in `libreoffice/` anew: `python -m tests.adapters.signatures.by_libreoffice`.

LibreOffice signs without a window, by a Basic macro, with a certificate from an NSS database. The database is filled
through NSS itself, whose libraries come with LibreOffice. Keys are thrown away; the certificates stay.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

from gateway.demo.pki import Identity, make_person
from tests.certificates import authority, issue, rsa_key
from tests.pki import AGENCY, PERSON, PROVINCE

KEPT = Path(__file__).parent / "libreoffice"
PASSWORD = "made and thrown away"
SOURCES = {
    "quyet-dinh": ("txt", "QUYẾT ĐỊNH\nVề việc bổ nhiệm cán bộ\n", "docx", ()),
    "du-toan": ("csv", "Hạng mục,Kinh phí\nCầu,100\nĐường,200\n", "xlsx", ("--infilter=CSV:44,34,76",)),
}
MACRO = """
Sub Sign(sUrl as String, sWho as String)
  oContext = CreateUnoService("com.sun.star.xml.crypto.SEInitializer").createSecurityContext("")
  For Each oFound In oContext.getSecurityEnvironment().getPersonalCertificates()
    If InStr("," &amp; oFound.SubjectName, "," &amp; sWho) &gt; 0 Then oCertificate = oFound
  Next
  oStream = CreateUnoService("com.sun.star.ucb.SimpleFileAccess").openFileReadWrite(sUrl)
  Dim aFormat(0) As New com.sun.star.beans.PropertyValue
  aFormat(0).Name = "StorageFormat"
  aFormat(0).Value = "ZipFormat"
  oFactory = CreateUnoService("com.sun.star.embed.StorageFactory")
  oStorage = oFactory.createInstanceWithArguments(Array(oStream, 7, aFormat()))
  oSigner = CreateUnoService("com.sun.star.security.DocumentDigitalSignatures")
  oSigner.signDocumentWithCertificate(oCertificate, oStorage, Nothing)
  oStorage.commit()
  oStream.flush()
End Sub
"""
MODULE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<script:module xmlns:script="http://openoffice.org/2000/script"'
    f' script:name="Module1" script:language="StarBasic">{MACRO}</script:module>'
)
LIBRARY = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<library:library xmlns:library="http://openoffice.org/2000/library"'
    ' library:name="Standard" library:readonly="false" library:passwordprotected="false">'
    '<library:element library:name="Module1"/></library:library>'
)


class _Item(ctypes.Structure):
    _fields_ = (("kind", ctypes.c_int), ("data", ctypes.c_char_p), ("length", ctypes.c_uint))


def main() -> None:
    """Write the signed files and the certificates they lead to."""
    start = datetime.now(UTC)
    root = authority(None, "RootCA thử nghiệm LibreOffice", start)
    below = authority(root, "CA thử nghiệm LibreOffice", start)
    seal = issue(below, AGENCY, start, key=rsa_key(), organisation=PROVINCE)
    person = make_person(below, start, PERSON, PROVINCE, (AGENCY,))
    KEPT.mkdir(exist_ok=True)
    (KEPT / "root.pem").write_bytes(root.pem)
    (KEPT / "ca.pem").write_bytes(below.pem)
    with TemporaryDirectory() as name:
        folder = Path(name)
        _fill_database(folder, (seal, person), (below, root))
        for (stem, source), who in zip(SOURCES.items(), (AGENCY, PERSON), strict=True):
            _make(folder, stem, source, who)


def _make(folder: Path, stem: str, source: tuple[str, str, str, tuple[str, ...]], who: str) -> None:
    suffix, text, wanted, options = source
    (folder / f"{stem}.{suffix}").write_text(text, encoding="utf-8")
    _soffice(folder, "--convert-to", wanted, "--outdir", str(folder), *options, str(folder / f"{stem}.{suffix}"))
    made = folder / f"{stem}.{wanted}"
    basic = folder / "profile" / "user" / "basic" / "Standard"
    basic.mkdir(parents=True, exist_ok=True)
    (basic / "Module1.xba").write_text(MODULE, encoding="utf-8")
    (basic / "script.xlb").write_text(LIBRARY, encoding="utf-8")
    _soffice(folder, f'macro:///Standard.Module1.Sign("{made.as_uri()}","CN={who}")')
    (KEPT / made.name).write_bytes(made.read_bytes())


def _soffice(folder: Path, *arguments: str) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    environment = {**os.environ, "MOZILLA_CERTIFICATE_FOLDER": f"sql:{folder}/nss"}
    command = ["soffice", profile, "--headless", "--norestore", *arguments]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)


def _fill_database(folder: Path, holders: tuple[Identity, ...], above: tuple[Identity, ...]) -> None:
    """An NSS database with the holders' keys, without a password."""
    (folder / "nss").mkdir()
    nss, decoder = ctypes.CDLL("libnss3.so"), ctypes.CDLL("libsmime3.so")
    nss.PK11_GetInternalKeySlot.restype = ctypes.c_void_p
    decoder.SEC_PKCS12DecoderStart.restype = ctypes.c_void_p
    _done(nss.NSS_Initialize(f"sql:{folder}/nss".encode(), b"", b"", b"secmod.db", 0))
    slot = ctypes.c_void_p(nss.PK11_GetInternalKeySlot())
    _done(nss.PK11_InitPin(slot, None, b""))
    renamed = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(lambda *_: None)
    secret = f"{PASSWORD}\0".encode("utf-16-be")
    item = _Item(0, secret, len(secret))
    for holder in holders:
        content = _pkcs12(holder, above)
        started = decoder.SEC_PKCS12DecoderStart(ctypes.byref(item), slot, *[None] * 6)
        context = ctypes.c_void_p(started)
        _done(decoder.SEC_PKCS12DecoderUpdate(context, content, ctypes.c_ulong(len(content))))
        _done(decoder.SEC_PKCS12DecoderVerify(context))
        _done(decoder.SEC_PKCS12DecoderValidateBags(context, renamed))
        _done(decoder.SEC_PKCS12DecoderImportBags(context))


def _pkcs12(holder: Identity, above: tuple[Identity, ...]) -> bytes:
    old = (
        PrivateFormat.PKCS12.encryption_builder()
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(hashes.SHA1())  # noqa: S303 - what this NSS reads
        .build(PASSWORD.encode())
    )
    name = os.urandom(4).hex().encode()
    others = [each.certificate for each in above]
    return pkcs12.serialize_key_and_certificates(name, holder.key, holder.certificate, others, old)


def _done(status: int) -> None:
    if status != 0:
        raise OSError("NSS has refused")


if __name__ == "__main__":
    main()
