"""The organisation that a domain belongs to (RFC 7489 section 3.2)."""

from __future__ import annotations

from functools import cache

from publicsuffixlist import PublicSuffixList


class Organisations:
    """Organisational domains by the public suffix list that the library brings."""

    def __init__(self) -> None:
        self._suffixes = _public_suffixes()

    def of(self, domain: str) -> str:
        """The organisational domain of an A-label `domain`; a public suffix is its own, and nobody else's."""
        if not domain:
            return ""
        found = self._suffixes.privatesuffix(domain)
        return str(found) if found else domain

    def same(self, one: str, other: str) -> bool:
        """True where both names exist and are of one organisation."""
        return bool(one) and bool(other) and self.of(one) == self.of(other)


@cache
def _public_suffixes() -> PublicSuffixList:
    """Some ten thousand rules, read once."""
    return PublicSuffixList()
