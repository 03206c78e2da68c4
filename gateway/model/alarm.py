"""What people are told beside answers: something is wrong that the gateway cannot mend by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class AlarmCause(StrEnum):
    """Why somebody is told. `facts` of the Alarm holds what is named in brackets, where it is known.

    IMPERSONATION: a mail says it is from a known sender and could not prove it (mail, author, reverse_path, peer,
    findings).
    DELIVERY_FAILED: a notice of ours did not arrive (notice, kind, recipient, mail, state, response, often), or could
    not be made (error instead of response). `state` is hard, soft, gave_up or not_made.
    DELIVERY_DELAYED: the relay puts a notice off for long (notice, kind, recipient, mail, response, since).
    RELAY_AWAY: the relay cannot be spoken to for long (response, since).
    MORE_HELD: after the mail that the clerk was told of, others of its kind were held in that hour (mail).
    MAIL_LEFT: a mail stays in an IMAP mailbox because it cannot be taken (mailbox, folder, uid, reason).
    MAILBOX_AWAY: an IMAP mailbox could not be read for long (mailbox, reason, since).
    ANSWERS_STOPPED: one correspondent had as many answers a day as there may be (correspondent, answers, mail).
    MISUSED_TOKEN: a reply bore a token that is not its author's, or none that was ever given (mail, author, peer,
    cause).
    SCANNER_AWAY: no virus scanner answers for long (reason, since, machine).
    SCANNER_BACK: one answers again, after people were told of that (since, until, machine).
    INFECTED_LATER: newer signatures find a virus in what is registered already (document, file, virus, engine, mail).
    COPY_LEFT: a copy of a mail whose content was destroyed still lies in a mailbox (mail, mailbox, reason, since).
    TRUST_ENDING: certificates of authorities end soon, or have ended (certificates, machine).
    KEY_AT_HAND: a mail was sealed to a pair of keys of our own, and the private one lies on the machine (mail).
    """

    IMPERSONATION = "impersonation"
    DELIVERY_FAILED = "delivery_failed"
    DELIVERY_DELAYED = "delivery_delayed"
    RELAY_AWAY = "relay_away"
    MORE_HELD = "more_held"
    MAIL_LEFT = "mail_left"
    MAILBOX_AWAY = "mailbox_away"
    ANSWERS_STOPPED = "answers_stopped"
    MISUSED_TOKEN = "misused_token"  # noqa: S105 no secret
    SCANNER_AWAY = "scanner_away"
    SCANNER_BACK = "scanner_back"
    INFECTED_LATER = "infected_later"
    COPY_LEFT = "copy_left"
    KEY_AT_HAND = "key_at_hand"
    TRUST_ENDING = "trust_ending"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One cause with its facts, short texts by name, in Vietnamese where they are sentences."""

    cause: AlarmCause
    facts: Mapping[str, str]
