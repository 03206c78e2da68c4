"""The certificates of authorities that an agency keeps: what of them matters to whoever decides to trust them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuthorityCertificate:
    """A certificate found in a file.

    `name` is the most specific name in it, `subject` the whole of them; `issuer` is the most specific name of whoever
    has issued it. `refusal` is Vietnamese and says why it cannot stand for an authority, "" where it can. `own_key`
    and `issuer_key`, name and key identifier each (RFC 5280 section 4.2.1), tell which certificate has issued which.
    """

    sha256: str
    name: str
    subject: str
    issuer: str
    root: bool
    not_before: datetime
    not_after: datetime
    own_key: tuple[str, str]
    issuer_key: tuple[str, str]
    refusal: str = ""

    def may_have_issued(self, other: AuthorityCertificate) -> bool:
        """Whether the names fit, and the key identifiers where both say one."""
        (name, key), (wanted, wanted_key) = self.own_key, other.issuer_key
        return name == wanted and (not key or not wanted_key or key == wanted_key)
