"""Which certificates of authorities may be trusted at once, and when people are told that one ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from gateway.model import wording
from gateway.model.trust import AuthorityCertificate

SOON = timedelta(days=90)
"""How long before its end people are told of it: getting another one is paper work."""
TOLD_AFTERWARDS = timedelta(days=30)
"""How long after its end people are still written to: it may stay, for it still proves what was signed before."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_KEYS = frozenset({"name", "sha256", "kind", "generation", "published", "source", "not_before", "not_after"})
_OPTIONAL = frozenset({"not_before", "not_after"})


class PinSource(StrEnum):
    """How a pin came to be known: computed by us from the file, or taken from what others publish."""

    RECOMPUTED = "recomputed"
    PUBLISHED = "as published by others"


@dataclass(frozen=True, slots=True)
class Pin:
    """The SHA-256 of one authority's certificate. `published` says where the authority has put it, "" if unknown."""

    name: str
    sha256: str
    root: bool
    generation: str
    published: str
    source: PinSource
    not_before: date | None = None
    not_after: date | None = None


@dataclass(frozen=True, slots=True)
class Pins:
    """All pins, by SHA-256 in lower-case hexadecimal."""

    by_sha256: Mapping[str, Pin]

    @classmethod
    def from_rows(cls, rows: Sequence[Mapping[str, Any]]) -> Pins:
        """The rows `[[pin]]` of config/trust.toml; raises ValueError with a Vietnamese sentence."""
        pins = [_pin(row, place) for place, row in enumerate(rows, 1)]
        by_sha256 = {pin.sha256: pin for pin in pins}
        if len(by_sha256) < len(pins):
            raise ValueError("pin: có mã băm ghi hai lần; hãy bỏ một mục")
        return cls(by_sha256)

    def pin_of(self, certificate: AuthorityCertificate) -> Pin | None:
        """The pin that a certificate matches; none where it is not the kind of certificate that was pinned."""
        pin = self.by_sha256.get(certificate.sha256)
        return pin if pin is not None and pin.root == certificate.root else None


def _pin(row: Mapping[str, Any], place: int) -> Pin:
    strange = sorted((row.keys() - _KEYS) | (_KEYS - _OPTIONAL - row.keys()))
    if strange:
        raise ValueError(f"pin[{place}]: khóa thừa hoặc thiếu: {', '.join(strange)}")
    texts = {key: row[key] for key in _KEYS - _OPTIONAL}
    if not all(isinstance(text, str) for text in texts.values()):
        raise ValueError(f"pin[{place}]: mọi giá trị trừ ngày phải là chữ, đặt trong dấu nháy")
    sha256 = texts["sha256"].lower()
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"pin[{place}].sha256: phải là 64 chữ số thập lục phân")
    if texts["kind"] not in {"root", "intermediate"}:
        raise ValueError(f'pin[{place}].kind: phải là "root" hoặc "intermediate"')
    if texts["source"] not in set(PinSource):
        raise ValueError(f'pin[{place}].source: phải là "recomputed" hoặc "as published by others"')
    begins, ends = row.get("not_before"), row.get("not_after")
    if any(day is not None and type(day) is not date for day in (begins, ends)):
        raise ValueError(f"pin[{place}]: not_before, not_after phải là ngày dạng năm-tháng-ngày, không có dấu nháy")
    return Pin(
        name=texts["name"],
        sha256=sha256,
        root=texts["kind"] == "root",
        generation=texts["generation"],
        published=texts["published"],
        source=PinSource(texts["source"]),
        not_before=begins,
        not_after=ends,
    )


class Term(StrEnum):
    """Where a moment lies in the validity of a certificate; SOON is within its last 90 days."""

    NOT_YET = "not_yet"
    CURRENT = "current"
    SOON = "soon"
    EXPIRED = "expired"


def term(certificate: AuthorityCertificate, now: datetime) -> Term:
    """Of a certificate that ends at `not_after`, that second included (RFC 5280 section 4.1.2.5)."""
    if now > certificate.not_after:
        return Term.EXPIRED
    if now < certificate.not_before:
        return Term.NOT_YET
    return Term.SOON if certificate.not_after - now < SOON else Term.CURRENT


def days_left(certificate: AuthorityCertificate, now: datetime) -> int:
    """Whole days to the end, negative once it is over."""
    return (certificate.not_after - now) // timedelta(days=1)


def expiry_warning(certificate: AuthorityCertificate, now: datetime) -> str:
    """What is to be said of the end of a certificate, in Vietnamese; "" where nothing is."""
    match term(certificate, now):
        case Term.EXPIRED:
            return f"{certificate.name}: đã hết hạn từ {wording.moment(certificate.not_after)}"
        case Term.SOON:
            end, left = wording.moment(certificate.not_after), days_left(certificate, now)
            return f"{certificate.name}: còn {left} ngày, hết hạn lúc {end}"
        case Term.NOT_YET:
            return f"{certificate.name}: chưa có hiệu lực"
        case Term.CURRENT:
            return ""


def to_be_told_of(certificates: Iterable[AuthorityCertificate], now: datetime) -> tuple[AuthorityCertificate, ...]:
    """Those whose end people are written to about, the nearest first: from 90 days before to 30 days after."""
    near = [each for each in certificates if -TOLD_AFTERWARDS <= each.not_after - now < SOON]
    return tuple(sorted(near, key=lambda each: (each.not_after, each.sha256)))


def lacks_issuer(certificate: AuthorityCertificate, kept: Iterable[AuthorityCertificate]) -> bool:
    """Whether a chain breaks at this certificate, because none of those kept can have issued it."""
    return not certificate.root and not any(each.may_have_issued(certificate) for each in kept)
