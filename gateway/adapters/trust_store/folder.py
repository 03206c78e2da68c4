"""The trust folder on the disk: a file for each certificate that came by command, besides those put there by hand."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import pem

from gateway.adapters.trust_store.reading import NotACertificate, described, read_certificates
from gateway.durable import sync_folder, write_synced
from gateway.errors import SettingsError
from gateway.model.trust import AuthorityCertificate

SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der"})
"""As the check of signatures reads them (gateway/adapters/signatures/anchors.py)."""
_UNPUBLISHED = ".moi"
_LONGEST_STEM = 40
_MODE = 0o644
"""Readable by the service whoever calls: a certificate is no secret."""


class LocalTrustFolder:
    """Implements ports.TrustFolder."""

    def __init__(self, folder: Path, ders: Mapping[str, bytes] | None = None) -> None:
        """`ders` are the certificates that may be staged, by SHA-256."""
        self._folder = folder
        self._ders = ders or {}

    async def kept(self) -> tuple[AuthorityCertificate, ...]:
        """See ports.TrustFolder."""
        return await asyncio.to_thread(self._kept)

    def _kept(self) -> tuple[AuthorityCertificate, ...]:
        found = {sha256: described(der) for file in self._files() for sha256, der in _read(file).items()}
        return tuple(sorted(found.values(), key=lambda each: (not each.root, each.name, each.sha256)))

    async def stage(self, certificates: Sequence[AuthorityCertificate]) -> StagedFiles:
        """See ports.TrustFolder."""
        with _writing(self._folder):
            return await asyncio.to_thread(self._stage, certificates)

    def _stage(self, certificates: Sequence[AuthorityCertificate]) -> StagedFiles:
        self._folder.mkdir(parents=True, exist_ok=True)
        staged = StagedFiles(self._folder, {})
        try:
            for each in certificates:
                place = self._folder / f"{_stem(each.name)}-{each.sha256[:16]}.pem"
                temporary = place.with_name(f".{place.name}.{secrets.token_hex(8)}{_UNPUBLISHED}")
                staged.files[temporary] = place
                write_synced(temporary, pem.armor("CERTIFICATE", self._ders[each.sha256]), mode=_MODE)
        except BaseException:
            staged.remove()
            raise
        return staged

    async def remove(self, sha256: str) -> None:
        """See ports.TrustFolder."""
        with _writing(self._folder):
            await asyncio.to_thread(self._remove, sha256)

    def _remove(self, sha256: str) -> None:
        for file in self._files():
            held = _read(file)
            if sha256 not in held:
                continue
            others = [der for each, der in held.items() if each != sha256]
            if others:
                temporary = file.with_name(f".{file.name}.{secrets.token_hex(8)}{_UNPUBLISHED}")
                held_on = b"".join(pem.armor("CERTIFICATE", der) for der in others)
                write_synced(temporary, held_on, mode=_MODE)
                temporary.replace(file)
            else:
                file.unlink()
        sync_folder(self._folder)

    def _files(self) -> list[Path]:
        try:
            return sorted(path for path in self._folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
        except FileNotFoundError:
            return []
        except OSError as problem:
            raise SettingsError(f"signatures.anchors: không đọc được {self._folder} ({problem.strerror})") from problem


@dataclass(frozen=True, slots=True)
class StagedFiles:
    """Implements ports.Staged: temporary names and the names that make them count."""

    folder: Path
    files: dict[Path, Path]

    async def publish(self) -> None:
        """See ports.Staged."""
        with _writing(self.folder):
            await asyncio.to_thread(self._publish)

    def _publish(self) -> None:
        for temporary, place in self.files.items():
            temporary.replace(place)
        sync_folder(self.folder)

    async def discard(self) -> None:
        """See ports.Staged."""
        await asyncio.to_thread(self.remove)

    def remove(self) -> None:
        """What was not published is gone then."""
        for temporary in self.files:
            temporary.unlink(missing_ok=True)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise SettingsError(
            f"signatures.anchors: không ghi được vào {folder} ({problem.strerror}); hãy xem quyền của người chạy lệnh"
        ) from problem


def _read(file: Path) -> dict[str, bytes]:
    try:
        return read_certificates(file)
    except NotACertificate as problem:
        raise SettingsError(f"signatures.anchors: {problem}; hãy bỏ hoặc thay tệp ấy") from problem
    except OSError as problem:
        raise SettingsError(f"signatures.anchors: không đọc được {file} ({problem.strerror})") from problem


def _stem(name: str) -> str:
    """`CA phục vụ các cơ quan Nhà nước G2` as `ca-phuc-vu-cac-co-quan-nha-nuoc-g2`."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    words = "".join(
        letter if letter.isascii() and letter.isalnum() else " "
        for letter in plain
        if letter.isprintable() and not unicodedata.combining(letter)
    )
    return "-".join(words.split())[:_LONGEST_STEM].strip("-") or "ca"
