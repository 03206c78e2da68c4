"""Alarms: what is said of each cause, which commands are offered, and what is said of a sender's proof."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from html import unescape

import pytest

from gateway.model.alarm import Alarm, AlarmCause
from gateway.model.authentication import Authentication, Judge
from gateway.model.notice import NoticeKind
from gateway.model.wording import ALARM_WORDS
from gateway.ports import NoticeContext
from tests.adapters.render.records import ALARMS, PROVED, SENDER, UNPROVED, alarm_contexts, contexts, renderer
from tests.adapters.render.regenerate import bodies

COMMANDS = {
    "alarm_impersonation": ["vanthu explain M17", "vanthu quarantine list"],
    "alarm_delivery_hard": ["vanthu explain M17"],
    "alarm_delivery_soft": ["vanthu outbox retry N30", "vanthu explain M17"],
    "alarm_delivery_gave_up": ["vanthu outbox retry N30", "vanthu outbox list", "vanthu explain M17"],
    "alarm_delivery_not_made": ["vanthu outbox retry N30", "vanthu explain M17"],
    "alarm_delivery_delayed": ["vanthu outbox list", "vanthu check", "vanthu explain M17"],
    "alarm_relay_away": ["vanthu check", "vanthu outbox list"],
    "alarm_more_held": ["vanthu quarantine list", "vanthu explain M17"],
    "alarm_mail_left": ["vanthu check"],
    "alarm_mailbox_away": ["vanthu check"],
    "alarm_misused_token": ["vanthu explain M17"],
    "alarm_trust_ending": ["vanthu trust list", "vanthu trust add TỆP", "vanthu check"],
    "alarm_scanner_away": ["vanthu check", "vanthu quarantine list"],
    "alarm_scanner_back": ["vanthu quarantine list"],
    "alarm_infected_later": ["vanthu explain M17"],
    "alarm_answers_stopped": ["vanthu explain M17", "vanthu quarantine list"],
    "alarm_copy_left": ["vanthu check", "vanthu explain M17"],
    "alarm_key_at_hand": ["vanthu check"],
}
UNPROVED_ADDRESS = "chưa xác thực được địa chỉ"
BY_MACHINE = "thư do máy gửi hoặc không có địa chỉ để trả lời"


async def shown(context: NoticeContext) -> list[str]:
    """Both forms of a notice as one line each, without headers and markup."""
    drawn = bodies(await renderer().render(context))
    html = unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", drawn["html"], flags=re.S))
    return [re.sub(r"\s+", " ", text) for text in (drawn["txt"].partition("\n\n")[2], html)]


def with_alarm(context: NoticeContext, alarm: Alarm | None) -> NoticeContext:
    return replace(context, notice=replace(context.notice, owed=replace(context.notice.owed, alarm=alarm)))


async def thread(context: NoticeContext) -> str:
    message = message_from_bytes(await renderer().render(context))
    assert message["References"] == message["In-Reply-To"]
    return str(message["References"])


@pytest.mark.parametrize("name", sorted(ALARMS))
async def test_an_alarm_names_its_commands_and_no_other(name: str) -> None:
    for text in await shown(alarm_contexts()[name]):
        found = re.findall(
            r"vanthu (?:explain M\d+|quarantine list|outbox list|outbox retry N\d+|check|trust list|trust add TỆP)",
            text,
        )
        assert found == COMMANDS[name]
        assert text.count("vanthu ") == len(found)


@pytest.mark.parametrize("name", sorted(ALARMS))
async def test_an_alarm_shows_every_fact_and_never_the_words_of_a_mail(name: str) -> None:
    context = alarm_contexts()[name]
    for text in await shown(context):
        assert all(fact in text for key, fact in ALARMS[name].facts.items() if key not in {"kind", "state", "cause"})
        assert context.parsed is None or context.parsed.subject not in text
        assert context.parsed is None or not any(part.name in text for part in context.parsed.parts)


def test_every_cause_has_an_alarm_among_the_golden_files() -> None:
    assert {alarm.cause for alarm in ALARMS.values()} == set(AlarmCause) == set(ALARM_WORDS)


@pytest.mark.parametrize("cause", AlarmCause)
async def test_every_fact_that_a_cause_may_have_is_shown(cause: AlarmCause) -> None:
    said = re.search(rf"^ *{cause.name}: (.*?)(?=^ *[A-Z_]+:|\Z)", AlarmCause.__doc__ or "", re.M | re.S)
    assert said is not None
    named = [fact for brackets in re.findall(r"\(([^()]*)\)", said[1]) for fact in re.split(r",\s+", brackets)]
    facts = {fact.split()[0]: f"value of {fact.split()[0]}" for fact in named}
    assert facts
    for text in await shown(with_alarm(alarm_contexts()["alarm_mail_left"], Alarm(cause, facts))):
        assert [value for value in facts.values() if value not in text] == []


@pytest.mark.parametrize("cause", AlarmCause)
async def test_an_alarm_without_any_fact_is_still_a_whole_letter(cause: AlarmCause) -> None:
    for text in await shown(with_alarm(alarm_contexts()["alarm_mail_left"], Alarm(cause, {}))):
        assert "Kính gửi" in text
        assert "Việc cần làm".lower() in text.lower()
        assert not re.search(r"None|\{|explain|retry|Mã thư", text)


@pytest.mark.parametrize("forged", ["N1; rm -rf /", "N1 --config /tmp/x", "$(reboot)", "N١", "N", "n30"])
async def test_only_an_id_of_ours_comes_into_a_command(forged: str) -> None:
    facts = dict(ALARMS["alarm_delivery_gave_up"].facts) | {"notice": forged}
    context = with_alarm(alarm_contexts()["alarm_delivery_gave_up"], Alarm(AlarmCause.DELIVERY_FAILED, facts))
    for text in await shown(context):
        assert "vanthu outbox retry" not in text
        assert "vanthu outbox list" in text


async def test_long_words_of_a_relay_are_cut() -> None:
    facts = dict(ALARMS["alarm_delivery_hard"].facts) | {"response": "550 " + "x" * 5000}
    context = with_alarm(alarm_contexts()["alarm_delivery_hard"], Alarm(AlarmCause.DELIVERY_FAILED, facts))
    for text in await shown(context):
        assert "550 " + "x" * 495 + "…" in text
        assert "x" * 496 not in text


async def test_an_alarm_about_a_mail_stands_on_the_thread_of_that_mail() -> None:
    attention = await thread(contexts()["clerk_attention"])
    assert await thread(alarm_contexts()["alarm_impersonation"]) == attention
    assert await thread(alarm_contexts()["alarm_answers_stopped"]) == attention


async def test_other_alarms_thread_by_their_cause_and_what_they_are_about() -> None:
    away = alarm_contexts()["alarm_mailbox_away"]
    again = Alarm(AlarmCause.MAILBOX_AWAY, {"mailbox": "SO", "since": "hôm nay"})
    other = Alarm(AlarmCause.MAILBOX_AWAY, {"mailbox": "khac"})
    assert await thread(with_alarm(away, again)) == await thread(away)
    assert await thread(with_alarm(away, other)) != await thread(away)
    assert await thread(alarm_contexts()["alarm_mail_left"]) != await thread(away)


async def test_a_notice_without_what_it_speaks_of_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="N31 speaks of a mail, but has none"):
        await renderer().render(replace(contexts()["receipt"], mail=None))
    with pytest.raises(ValueError, match="N31 is an alarm without a cause"):
        await renderer().render(with_alarm(alarm_contexts()["alarm_mail_left"], None))


@pytest.mark.parametrize("name", ["receipt", "repeat", "refusal", "hold"])
async def test_the_proof_of_the_sender_is_told_to_the_office_alone(name: str) -> None:
    context = contexts()[name]
    proved = replace(context, authentication=PROVED, sender=SENDER)
    assert await renderer().render(proved) == await renderer().render(context)


@pytest.mark.parametrize("answer_to", ["bql@trabong.example", None])
@pytest.mark.parametrize(
    ("authentication", "why"),
    [
        (None, BY_MACHINE),
        (PROVED, BY_MACHINE),
        (UNPROVED, UNPROVED_ADDRESS),
        (Authentication(Judge.NETWORK, "a@b.example", "a@b.example"), BY_MACHINE),
        (Authentication(Judge.OPERATOR, "", None), BY_MACHINE),
        (Authentication(Judge.NOBODY, "a@b.example", None), UNPROVED_ADDRESS),
    ],
)
async def test_the_clerk_is_told_when_nobody_is_answered_and_why(
    authentication: Authentication | None, why: str, answer_to: str | None
) -> None:
    entered, held = (
        replace(contexts()[name], authentication=authentication, sender=SENDER, answer_to=answer_to)
        for name in ("clerk_document", "clerk_attention")
    )
    for text in await shown(entered):
        assert ("Chưa gửi xác nhận" in text) is (answer_to is None)
        assert (f"Chưa gửi xác nhận cho nơi gửi, vì {why}; văn thư báo cho nơi gửi" in text) is (answer_to is None)
        assert ("Xác thực nơi gửi" in text) is (authentication is not None)
    for text in await shown(held):
        assert (f"Nơi gửi không được báo, vì {why}." in text) is (answer_to is None)
        assert ("hoặc không tiếp nhận:" in text) is (answer_to is None)
        assert ("hoặc không tiếp nhận, báo nơi gửi:" in text) is (answer_to is not None)


async def test_a_proved_sender_who_is_not_in_the_directory_is_named_so() -> None:
    told = "Đã xác thực: DKIM và SPF của trabong.example; chưa có trong danh bạ"
    assert all(told in text for text in await shown(replace(contexts()["clerk_attention"], sender=None)))
    by_hand = replace(contexts()["clerk_attention"], authentication=Authentication(Judge.OPERATOR, "a@b.example", None))
    assert not any("danh bạ" in text for text in await shown(by_hand))


@pytest.mark.parametrize("name", sorted(ALARMS))
async def test_an_alarm_greets_those_whom_it_goes_to(name: str) -> None:
    readers = {
        "alarm_impersonation": "Cán bộ công nghệ thông tin",
        "alarm_misused_token": "Cán bộ công nghệ thông tin",
        "alarm_relay_away": "Văn thư Sở, cán bộ công nghệ thông tin",
        "alarm_mailbox_away": "Văn thư Sở, cán bộ công nghệ thông tin",
        "alarm_scanner_away": "Văn thư Sở, cán bộ công nghệ thông tin",
        "alarm_scanner_back": "Văn thư Sở, cán bộ công nghệ thông tin",
        "alarm_infected_later": "Văn thư Sở, cán bộ công nghệ thông tin",
        "alarm_copy_left": "Văn thư Sở, cán bộ công nghệ thông tin",
        "alarm_key_at_hand": "Cán bộ công nghệ thông tin",
        "alarm_trust_ending": "Cán bộ công nghệ thông tin",
    }
    for text in await shown(alarm_contexts()[name]):
        assert re.search(rf"Kính gửi: +{readers.get(name, 'Văn thư Sở')} +[A-ZĐ]", text)


@pytest.mark.parametrize("kind", NoticeKind)
async def test_of_mail_to_the_office_that_failed_everybody_else_there_reads(kind: NoticeKind) -> None:
    work = {NoticeKind.TASK, NoticeKind.REMINDER, NoticeKind.DIGEST, NoticeKind.QUARANTINE_DIGEST}
    inside = {NoticeKind.CLERK_DOCUMENT, NoticeKind.CLERK_ATTENTION, NoticeKind.ALARM, *work}
    facts = {**ALARMS["alarm_delivery_hard"].facts, "kind": kind.value}
    alarm = Alarm(AlarmCause.DELIVERY_FAILED, facts)
    for text in await shown(with_alarm(alarm_contexts()["alarm_delivery_hard"], alarm)):
        assert bool(re.search("Kính gửi: +Văn thư Sở, cán bộ công nghệ thông tin", text)) is (kind in inside)


async def test_an_alarm_shows_the_mail_that_caused_it_even_where_no_fact_does() -> None:
    context = alarm_contexts()["alarm_impersonation"]
    for text in await shown(with_alarm(context, Alarm(AlarmCause.IMPERSONATION, {}))):
        assert re.search(r"Thư:? M17", text)
