"""Domain names as they are compared: in the form they have in DNS."""

from __future__ import annotations

import re
import unicodedata

NAME_LIMIT = 253
LABEL_LIMIT = 63
_HOST_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def a_label(domain: str) -> str:
    """The lower-case A-label form (RFC 5890), without a final dot; empty where `domain` is not a name in DNS.

    A name that IDNA 2003 would turn into another one (`ß` into `ss`) counts as no name, so that nobody is taken for a
    neighbour.
    """
    name = _encoded(domain.strip().removesuffix(".").lower())
    if not all(0 < len(label) <= LABEL_LIMIT for label in name.split(".")):
        return ""
    return "" if any(letter <= " " or letter in '\x7f"\\@()[]<>,;:' for letter in name) else name


def host_name(domain: str) -> str:
    """As `a_label`, but only letters, digits and hyphens (RFC 1123 section 2.1), no blanks around and no final dot."""
    name = _encoded(domain.lower())
    return name if all(_HOST_LABEL.fullmatch(label) for label in name.split(".")) else ""


def address_domain(address: str) -> str:
    """The domain of an address in A-label form, empty where there is none."""
    return a_label(address.rpartition("@")[2]) if "@" in address else ""


def _encoded(name: str) -> str:
    """The A-labels of a lower-case name; empty where it is too long, or where IDNA 2003 makes another name of it."""
    if not name.isascii() and len(name) <= NAME_LIMIT:
        composed = unicodedata.normalize("NFC", name)
        try:
            name = composed.encode("idna").decode("ascii").lower()
            if name.encode("ascii").decode("idna") != composed:
                return ""
        except UnicodeError:
            return ""
    return name if len(name) <= NAME_LIMIT else ""
