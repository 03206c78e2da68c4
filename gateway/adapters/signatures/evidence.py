"""Certificates, lists and answers that came in the signed file itself, for later proof (EN 319 142-1 section 5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from asn1crypto import cms, x509
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

from gateway.adapters.signatures.entries import entry

MOST_ENTRIES = 200
MOST_BYTES = 16_000_000
"""Of one file; what is beyond is not looked at, so that its revocation may stay unknown."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What may help to judge signatures; none of it is believed for lying here. Lists and answers are DER."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    def joined(self, other: Evidence) -> Evidence:
        """Both."""
        return Evidence(
            tuple(dict.fromkeys(self.certificates + other.certificates)),
            tuple(dict.fromkeys(self.crls + other.crls)),
            tuple(dict.fromkeys(self.ocsps + other.ocsps)),
        )


def in_store(reader: PdfFileReader) -> Evidence:
    """What lies in the document security store, the dictionary `/DSS`."""
    try:
        store = entry(reader.root, "/DSS")
        if not isinstance(store, DictionaryObject):
            return Evidence()
        budget = _Budget()
        return Evidence(
            tuple(_certificates(_streams(store, "/Certs", budget))),
            tuple(_streams(store, "/CRLs", budget)),
            tuple(_streams(store, "/OCSPs", budget)),
        )
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a store that cannot be read proves nothing, and spoils no signature
        return Evidence()


def in_message(signed: cms.SignedData, info: cms.SignerInfo) -> Evidence:
    """What a CMS message carries: in itself (RFC 5652 section 10.2.1), and in the attribute that Adobe made for it."""
    crls: list[bytes] = []
    answers: list[bytes] = []
    with suppress(ValueError, TypeError, KeyError):
        crls += [each.chosen.dump() for each in signed["crls"] or () if each.name == "crl"]
    for attribute in [*(info["signed_attrs"] or ()), *(info["unsigned_attrs"] or ())]:
        with suppress(ValueError, TypeError, KeyError):
            for kept in attribute["values"] if attribute["type"].native == "adobe_revocation_info_archival" else ():
                crls += [each.dump() for each in kept["crl"] or ()]
                answers += [each.dump() for each in kept["ocsp"] or ()]
    return Evidence((), tuple(crls[:MOST_ENTRIES]), tuple(answers[:MOST_ENTRIES]))


@dataclass(slots=True)
class _Budget:
    entries: int = MOST_ENTRIES
    size: int = MOST_BYTES

    def takes(self, content: bytes) -> bool:
        self.entries -= 1
        self.size -= len(content)
        return self.entries >= 0 and self.size >= 0


def _streams(store: DictionaryObject, name: str, budget: _Budget) -> Iterator[bytes]:
    entries = entry(store, name)
    for each in entries if isinstance(entries, ArrayObject) else ():
        stream = each.get_object()
        if not isinstance(stream, StreamObject):
            continue
        content = bytes(stream.data)
        if not budget.takes(content):
            return
        yield content


def _certificates(contents: Iterator[bytes]) -> Iterator[x509.Certificate]:
    for content in contents:
        with suppress(ValueError, TypeError):
            yield x509.Certificate.load(content, strict=True)
