"""Whether content of a type that nobody reads here is behind a password or a key.

Of Word, Excel and PDF files the reader of their text finds that out, of archives their opener; some types say it
themselves (`application/pgp-encrypted`).
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import olefile

from gateway.adapters.filetype.magic import encrypted_cms
from gateway.adapters.filetype.packages import beginning

_HEAD = 64
_CURRENT_USER = "Current User"
# [MS-PPT] 2.3.2: headerToken of a presentation that is encrypted.
_PPT_ENCRYPTED = bytes.fromhex("dfc4d1f3")


def locked(path: Path, media_type: str) -> bool:
    """Whether a file of this type, as `sniff` told it, cannot be opened without a secret; raises OSError."""
    if media_type == "application/pkcs7-mime":
        with path.open("rb") as file:
            return encrypted_cms(file.read(_HEAD))
    try:
        if media_type == "application/vnd.ms-powerpoint":
            return _presentation(path)
        if media_type.startswith("application/vnd.oasis.opendocument."):
            with zipfile.ZipFile(path) as package:
                return "encryption-data" in beginning(package, "META-INF/manifest.xml")
    except Exception:  # noqa: BLE001  what is damaged is not known to be locked
        return False
    return False


def _presentation(path: Path) -> bool:
    with olefile.OleFileIO(path) as container:
        if container.exists("EncryptedSummary"):
            return True
        return container.exists(_CURRENT_USER) and _PPT_ENCRYPTED in container.openstream(_CURRENT_USER).read(_HEAD)
