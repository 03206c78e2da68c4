"""The table of attacks by one mail: how it is made, how it ends, what the journal says, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gateway.model.mail import MailStage
from gateway.policy.authority import DENIAL_WORDS, Denial
from tests.flow.attack_mails import (
    FORGER,
    STRANGER,
    STRANGERS_SERVER,
    Attack,
    attack,
    by_agency,
    by_stranger,
    reference,
    reply_to,
)
from tests.flow.attack_stage import Loot
from tests.flow.reading import CLERK, IT
from tests.flow.staff import DIRECTOR, HEAD, OTHER_HEAD, SPECIALIST
from tests.mails import SENDER

INVENTED = "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC_A, _KELVIN = "\u0430", "\u212a"


@dataclass(frozen=True)
class Row:
    """`told` says who gets how many notices because of it; `says` is in the answer to who is `answered`."""

    build: Callable[[Loot], Attack]
    end: MailStage
    event: str
    cause: str | None
    told: Mapping[str, int] = field(default_factory=dict)
    answered: str = ""
    says: str = ""


def _held(build: Callable[[Loot], Attack], *, told: Mapping[str, int], answered: str = "") -> Row:
    says = "chờ văn thư xem xét" if answered else ""
    return Row(build, MailStage.HELD, "orders.denied", "sender", told, answered, says)


def _forged(build: Callable[[Loot], Attack]) -> Row:
    """In the name of one of ours and not proved: kept, unanswered; clerk and IT hear of it."""
    return _held(build, told={CLERK: 1, IT: 1})


def _filed(build: Callable[[Loot], Attack]) -> Row:
    """A stranger in a thread of ours: filed without an answer; IT hears of the token."""
    return Row(build, MailStage.NOTED, "orders.denied", "sender", {IT: 1})


def _denied(build: Callable[[Loot], Attack], author: str, cause: Denial) -> Row:
    told = {author: 1, IT: 1} if cause.looks_like_attack else {author: 1}
    return Row(build, MailStage.APPLIED, "orders.denied", cause.value, told, author, DENIAL_WORDS[cause])


def _refused(build: Callable[[Loot], Attack], author: str, cause: str, says: str) -> Row:
    return Row(build, MailStage.APPLIED, "order.refused", cause, {author: 1}, author, says)


ASSIGN = "Chủ trì: KHTC\nHạn: 4/12"

FORGED: Mapping[str, Row] = {
    "clerk_with_stolen_token": _forged(
        lambda loot: attack("Trình", author=CLERK, peer=FORGER, to=reply_to(loot.clerk))
    ),
    "director_with_stolen_token": _forged(
        lambda loot: attack(ASSIGN, author=DIRECTOR, peer=FORGER, to=reply_to(loot.director))
    ),
    "director_with_stolen_token_and_thread": _forged(
        lambda loot: attack(
            ASSIGN,
            author=DIRECTOR,
            peer=FORGER,
            to=reply_to(loot.director),
            references=[reference(loot.director), loot.thread],
        )
    ),
    "director_by_a_proved_envelope_of_a_stranger": _forged(
        lambda loot: attack(
            ASSIGN, author=DIRECTOR, mail_from=STRANGER, peer=STRANGERS_SERVER, to=reply_to(loot.director)
        )
    ),
    "sender_field_of_a_stranger": _forged(
        lambda loot: attack(
            ASSIGN,
            author=DIRECTOR,
            headers=[f"Sender: {STRANGER}"],
            mail_from=STRANGER,
            peer=STRANGERS_SERVER,
            to=reply_to(loot.director),
        )
    ),
    "two_addresses_in_from": _forged(
        lambda loot: attack(ASSIGN, author=f"{DIRECTOR}, {HEAD}", sender=HEAD, to=reply_to(loot.director))
    ),
    "two_from_fields": _forged(
        lambda loot: attack(ASSIGN, author=HEAD, headers=[f"From: {DIRECTOR}"], to=reply_to(loot.director))
    ),
    "group_in_from": _forged(
        lambda loot: attack(
            ASSIGN, author=f"So: {DIRECTOR};", sender=STRANGER, peer=STRANGERS_SERVER, to=reply_to(loot.director)
        )
    ),
    "no_address_before_ours_in_angle_brackets": _forged(
        lambda loot: attack(
            ASSIGN,
            author=f"<{DIRECTOR}> <{STRANGER}>",
            sender=STRANGER,
            peer=STRANGERS_SERVER,
            to=reply_to(loot.director),
        )
    ),
    "display_name_of_the_director": _held(
        lambda loot: by_stranger(
            ASSIGN, author=f'"Hoang Viet Phuong <{DIRECTOR}>" <{STRANGER}>', to=reply_to(loot.director)
        ),
        told={CLERK: 1, IT: 1, STRANGER: 1},
        answered=STRANGER,
    ),
    "director_in_the_sender_field": _held(
        lambda loot: by_stranger(ASSIGN, headers=[f"Sender: {DIRECTOR}"], to=reply_to(loot.director)),
        told={CLERK: 1, IT: 1, STRANGER: 1},
        answered=STRANGER,
    ),
    "director_in_reply_to": _held(
        lambda loot: by_stranger(ASSIGN, headers=[f"Reply-To: {DIRECTOR}"], to=reply_to(loot.director)),
        told={CLERK: 1, IT: 1, STRANGER: 1},
        answered=STRANGER,
    ),
    "proved_stranger_with_token": _held(
        lambda loot: by_stranger("Trình", to=reply_to(loot.clerk)),
        told={CLERK: 1, IT: 1, STRANGER: 1},
        answered=STRANGER,
    ),
    "proved_stranger_with_token_and_thread": _filed(
        lambda loot: by_stranger("Trình", to=reply_to(loot.clerk), references=[loot.clerks_thread])
    ),
    "unproved_stranger_with_token": _held(
        lambda loot: by_stranger("Trình", peer=FORGER, to=reply_to(loot.clerk)), told={CLERK: 1, IT: 1}
    ),
    "cyrillic_domain": _held(
        lambda loot: attack(
            "Trình",
            author=f"vanthu-sogtvt@qu{_CYRILLIC_A}ngngai.gov.vn",
            mail_from=STRANGER,
            peer=STRANGERS_SERVER,
            to=reply_to(loot.clerk),
        ),
        told={CLERK: 1, IT: 1},
    ),
    "cyrillic_local_part_from_the_own_domain": _held(
        lambda loot: attack(
            "Trình",
            author=f"v{_CYRILLIC_A}nthu-sogtvt@quangngai.gov.vn",
            mail_from=SPECIALIST,
            to=reply_to(loot.clerk),
        ),
        told={CLERK: 1, IT: 1, SPECIALIST: 1},
        answered=SPECIALIST,
    ),
}
"""By whoever is not who he says he is, or is nobody to us."""

BORNE: Mapping[str, Row] = {
    "known_agency_with_the_clerks_token": Row(
        lambda loot: by_agency("Trình", to=reply_to(loot.clerk)),
        MailStage.REFUSED,
        "orders.denied",
        "sender",
        {SENDER: 1, IT: 1},
        SENDER,
        "Điều 5 khoản 5 điểm b",
    ),
    "directors_notice_passed_on_token_in_the_address": _denied(
        lambda loot: attack(ASSIGN, author=HEAD, to=reply_to(loot.director)), HEAD, Denial.FOREIGN
    ),
    "directors_notice_passed_on_token_in_references": _denied(
        lambda loot: attack(ASSIGN, author=HEAD, references=[reference(loot.director), loot.thread]),
        HEAD,
        Denial.FOREIGN,
    ),
    "directors_notice_passed_on_token_in_both": _denied(
        lambda loot: attack(
            ASSIGN,
            author=HEAD,
            to=reply_to(loot.director),
            references=[reference(loot.director), loot.thread],
        ),
        HEAD,
        Denial.FOREIGN,
    ),
    "directors_notice_passed_on_without_its_token": Row(
        lambda loot: attack(ASSIGN, author=HEAD, references=[loot.thread]),
        MailStage.APPLIED,
        "orders.denied",
        Denial.NOT_BORNE.value,
        {HEAD: 1},
        HEAD,
        "không có việc nào được thực hiện",
    ),
    "a_colleagues_account_in_the_directors_name": _denied(
        lambda loot: attack(ASSIGN, author=DIRECTOR, mail_from=SPECIALIST, to=reply_to(loot.director)),
        DIRECTOR,
        Denial.OTHER_ACCOUNT,
    ),
    "kelvin_sign_for_a_k": _denied(
        lambda loot: attack(ASSIGN, author=HEAD.replace("k", _KELVIN), mail_from=HEAD, to=reply_to(loot.director)),
        HEAD,
        Denial.FOREIGN,
    ),
    "foreign_token_in_cc": _denied(
        lambda loot: attack(ASSIGN, author=HEAD, headers=[f"Cc: {reply_to(loot.director)}"]), HEAD, Denial.FOREIGN
    ),
    "foreign_token_in_delivered_to": _denied(
        lambda loot: attack(ASSIGN, author=HEAD, headers=[f"Delivered-To: {reply_to(loot.director)}"]),
        HEAD,
        Denial.FOREIGN,
    ),
    "foreign_token_in_the_envelope_alone": _denied(
        lambda loot: attack(ASSIGN, author=HEAD, recipient=reply_to(loot.director)), HEAD, Denial.FOREIGN
    ),
    "foreign_token_in_upper_case": _denied(
        lambda loot: attack(ASSIGN, author=HEAD, to=reply_to(loot.director).upper()), HEAD, Denial.FOREIGN
    ),
    "foreign_token_beside_an_own": _denied(
        lambda loot: attack(
            ASSIGN, author=SPECIALIST, to=reply_to(loot.specialist), references=[reference(loot.director)]
        ),
        SPECIALIST,
        Denial.FOREIGN,
    ),
    "own_token_beside_a_foreign": _denied(
        lambda loot: attack(
            ASSIGN, author=SPECIALIST, to=reply_to(loot.director), references=[reference(loot.specialist)]
        ),
        SPECIALIST,
        Denial.FOREIGN,
    ),
    "invented_token": _denied(lambda loot: attack(ASSIGN, author=HEAD, to=reply_to(INVENTED)), HEAD, Denial.UNKNOWN),
    "invented_token_beside_an_own": _denied(
        lambda loot: attack("Trình", author=CLERK, to=reply_to(loot.second), references=[reference(INVENTED)]),
        CLERK,
        Denial.UNKNOWN,
    ),
    "own_token_with_another_plus_part": _denied(
        lambda loot: attack("Trình", author=CLERK, to=reply_to(f"{loot.second}+x")), CLERK, Denial.UNKNOWN
    ),
    "own_token_cut_short": _denied(
        lambda loot: attack("Trình", author=CLERK, to=reply_to(loot.second[:-1])), CLERK, Denial.UNKNOWN
    ),
    "wildcards": _denied(lambda loot: attack("Trình", author=CLERK, to=reply_to("%")), CLERK, Denial.UNKNOWN),
    "token_of_a_reverse_path": _denied(
        lambda loot: attack(ASSIGN, author=DIRECTOR, to=reply_to(loot.verp)), DIRECTOR, Denial.UNKNOWN
    ),
    "token_for_files": _denied(
        lambda loot: attack("Đã nhận", author=SPECIALIST, to=reply_to(loot.files)), SPECIALIST, Denial.WRONG_PURPOSE
    ),
    "token_for_files_of_another": _denied(
        lambda loot: attack("Đã nhận", author=HEAD, to=reply_to(loot.files)), HEAD, Denial.FOREIGN
    ),
    "tokens_of_two_documents": _denied(
        lambda loot: attack("Trình", author=CLERK, to=reply_to(loot.second), references=[reference(loot.clerk)]),
        CLERK,
        Denial.OTHER_DOCUMENT,
    ),
    "token_of_the_second_in_the_thread_of_the_first": _denied(
        lambda loot: attack("Trình", author=CLERK, to=reply_to(loot.second), references=[loot.clerks_thread]),
        CLERK,
        Denial.OTHER_DOCUMENT,
    ),
    "token_of_the_first_in_the_thread_of_the_second": _denied(
        lambda loot: attack("Trả lại: sai", author=CLERK, to=reply_to(loot.clerk), references=[loot.second_thread]),
        CLERK,
        Denial.OTHER_DOCUMENT,
    ),
    "quoted_local_part": Row(
        lambda loot: attack("Trình", author=CLERK, to=f'"{reply_to(loot.second).partition("@")[0]}"@quangngai.gov.vn'),
        MailStage.REFUSED,
        "mail.refused",
        None,
        {CLERK: 1},
    ),
    "specialist_does_what_is_the_directors": _refused(
        lambda loot: attack(ASSIGN, author=SPECIALIST, to=reply_to(loot.specialist)), SPECIALIST, "not_yours", "Chủ trì"
    ),
    "head_of_a_unit_that_has_no_part": _refused(
        lambda loot: attack("Đã nhận", author=OTHER_HEAD, to=reply_to(loot.other_head)), OTHER_HEAD, "not_yours", ""
    ),
    "clerk_approves_for_the_director": _refused(
        lambda loot: attack("Đồng ý", author=CLERK, to=reply_to(loot.clerk)), CLERK, "nothing_asked", ""
    ),
}
"""By whoever is proved and bears what he has no right to."""
