"""Who may bring a document, how far he must prove himself, and whom an answer may go to (Điều 8 khoản 2 điểm c)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from enum import StrEnum

from gateway.model.authentication import Authentication, Judge
from gateway.model.directory import Party
from gateway.policy.case import Case

IMPERSONATION = "impersonation"
UNCHECKED_SENDER = "unchecked_sender"
UNKNOWN_SENDER = "unknown_sender"
SENDER_RULES = frozenset({IMPERSONATION, UNCHECKED_SENDER, UNKNOWN_SENDER})
"""These come before every other rule: to somebody who is not who he says he is, nothing is refused or explained."""


class Reception(StrEnum):
    """What becomes of a mail by its sender alone."""

    ACCEPT = "accept"
    SUSPECT = "suspect"
    CHECK = "check"
    ASK = "ask"
    IGNORE = "ignore"


_TABLE: Mapping[tuple[bool, bool], Reception] = {
    (True, True): Reception.ACCEPT,
    (False, True): Reception.ASK,
    (True, False): Reception.SUSPECT,
    (False, False): Reception.IGNORE,
}
"""(is in the directory, is proved): what to do. While DNS leaves that open, CHECK takes the place of the last two."""


def answer_address(authentication: Authentication) -> str | None:
    """Where an answer may go: to the reverse-path if it is proved, else to the proved author; never to the null one.

    Of a mail put in by hand, whoever did that answers for the reverse-path that he gave, and for nobody else.
    RFC 3834 section 4 wants the reverse-path; where a forwarder or a sending service has put its own there, the author
    is who must hear of his document.
    """
    if authentication.reverse_path == "" or not authentication.proved:
        return None
    if authentication.judge is Judge.OPERATOR:
        return authentication.reverse_path
    if authentication.reverse_path and authentication.reverse_path_proved:
        return authentication.reverse_path
    return authentication.author or None


def correspondent(authentication: Authentication) -> str | None:
    """With whom the work on a document is talked over later, who may also ask for it back: its proved author.

    His reverse-path may be a sending service's. Of a mail put in by hand it is whom the operator named.
    """
    if authentication.judge is Judge.OPERATOR or not authentication.author:
        return answer_address(authentication)
    return authentication.author if authentication.proved else None


def is_from_network_of(party: Party, peer: str) -> bool:
    """Whether a client's IP address lies in one of the party's networks."""
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in party.networks)


def reception(case: Case) -> Reception:
    """What becomes of this mail by its sender; ACCEPT where a person put it in, or where it is but a file."""
    if case.authentication is None or case.authentication.judge is Judge.OPERATOR:
        return Reception.ACCEPT
    known = case.sender is not None or case.names_us
    decided = _TABLE[known, case.authentication.proved]
    if decided is Reception.ASK and case.accept_unknown:
        return Reception.ACCEPT
    return Reception.CHECK if case.authentication.undecided else decided
