"""Who a mail says it is from, and how far that was proved. Facts: what follows from them is policy's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.model.domain_name import a_label

NOT_WHOLE = "(not whole)"
"""Stands after the authserv-id of an Authentication-Results field too long to be kept: no word of it counts."""
DETAIL_LIMIT = 200
"""Characters of a detail and of foreign names in a check."""


class AuthResult(StrEnum):
    """The result of one method, in the words of RFC 8601 section 2.7."""

    PASS = "pass"  # noqa: S105 - a result, no secret
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    POLICY = "policy"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class Judge(StrEnum):
    """Whose word the results are.

    OWN: judged here. PINNED: read from Authentication-Results of a mail server that the operator trusts.
    NETWORK: the client's address is one that the directory lists for the sender. OPERATOR: a person put the mail in by
    hand. NOBODY: nothing could be judged.
    """

    OWN = "own"
    PINNED = "pinned"
    NETWORK = "network"
    OPERATOR = "operator"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class SpfCheck:
    """SPF (RFC 7208). `domain` is the one that was checked, of the reverse-path or, where that is null, of HELO."""

    result: AuthResult = AuthResult.NONE
    domain: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DkimCheck:
    """One DKIM-Signature (RFC 6376) with its signing domain (d=) and selector (s=)."""

    result: AuthResult
    domain: str
    selector: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DmarcCheck:
    """DMARC (RFC 7489). `domain` is where the record was found, `policy` its p= or sp= (none, quarantine, reject)."""

    result: AuthResult = AuthResult.NONE
    domain: str = ""
    policy: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Authentication:
    """What was found out about the sender of one mail.

    `author` is the one address in From, empty where there is none or several: then nobody is authenticated.
    `reverse_path` is the envelope sender, empty for the null one, None where the transport does not tell it.
    `aligned` is true where SPF or DKIM passed for a domain of the author's organisation (RFC 7489 section 3.1), whether
    or not that domain publishes a DMARC record. `reverse_path_proved` is true where the reverse-path may be answered:
    SPF passed for it, or it is of the authenticated author's organisation.
    """

    judge: Judge
    author: str
    reverse_path: str | None
    spf: SpfCheck = SpfCheck()
    dkim: tuple[DkimCheck, ...] = ()
    dmarc: DmarcCheck = DmarcCheck()
    aligned: bool = False
    reverse_path_proved: bool = False
    authserv_id: str = ""

    @property
    def proved(self) -> bool:
        """Whether the author is vouched for: by his own domain, by his network, or by a person of ours."""
        return (bool(self.author) and self.aligned) or self.judge in {Judge.NETWORK, Judge.OPERATOR}

    @property
    def undecided(self) -> bool:
        """Whether DNS, or a check that broke, left open what could have proved the author."""
        results = (self.spf.result, self.dmarc.result, *(signature.result for signature in self.dkim))
        return not self.proved and AuthResult.TEMPERROR in results


@dataclass(frozen=True, slots=True)
class DkimClaim:
    """A DKIM-Signature as it stands in the header, not yet verified."""

    domain: str
    selector: str


@dataclass(frozen=True, slots=True)
class SenderClaims:
    """What the header of a mail says of its sender; any of it may be forged.

    `authors` are the addresses in all From fields. `return_path` is the topmost Return-Path, None where there is none.
    `signatures` are the first DKIM-Signatures that can be read, `results` the topmost block of Authentication-Results
    fields, unfolded, newest first: those before which no Received field stands that a later hop wrote.
    """

    authors: tuple[str, ...] = ()
    return_path: str | None = None
    signatures: tuple[DkimClaim, ...] = ()
    results: tuple[str, ...] = ()

    @property
    def author(self) -> str:
        """The one address in From, its domain in lower case; empty where there is none, several, or no domain."""
        authors = {_normal(address) for address in self.authors}
        return authors.pop() if len(authors) == 1 else ""


def _normal(address: str) -> str:
    local, _, domain = address.strip().rpartition("@")
    return f"{local}@{domain.removesuffix('.').lower()}" if local and a_label(domain) else ""
