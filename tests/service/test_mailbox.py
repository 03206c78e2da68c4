"""Over a mailbox on another server every mail comes into the register once; people hear of one that is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.app import Office, open_office
from gateway.mailboxes import WatchedMailbox
from gateway.model.alarm import AlarmCause
from gateway.model.mail import Envelope, Transport
from gateway.observe import Metrics
from gateway.settings import settings_from
from gateway.store.migrations import migrate
from handlers import collect
from tests.flow.clock import StandingClock
from tests.records import MORNING
from tests.servers.dovecot import USER
from tests.service.mailbox_trial import trial

CLERK, IT, BOTH = "vanthu@office.example", "cntt@office.example", "truc@office.example"


@pytest.mark.timeout(300)
def test_every_mail_of_a_mailbox_is_registered_once_whatever_its_server_does(tmp_path: Path) -> None:
    outcome = trial(tmp_path, database="sqlite", idle=4, backlog=24, kills=2)
    assert outcome.registered == 28
    assert outcome.found_again >= 28


@pytest.fixture
async def clock() -> StandingClock:
    return StandingClock(MORNING)


@pytest.fixture
async def office(tmp_path: Path, clock: StandingClock) -> AsyncIterator[Office]:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "trust").mkdir()
    mailbox = {
        "name": "so",
        "host": "127.0.0.1",
        "port": 143,
        "tls": "none",
        "ca_file": "",
        "username": "so",
        "login": "password",
        "secret": f"file:{tmp_path / 'secret'}",
        "address": USER,
        "folder": "INBOX",
        "done_folder": "",
        "done_flag": "$VanthuTaken",
    }
    settings = settings_from(
        {
            "mail": {"clerks": [CLERK, BOTH], "it": [BOTH, IT]},
            "store": {"database": "gateway.db", "blobs": "blobs"},
            "scanner": {"clamd": [f"unix:{tmp_path / 'clamd.sock'}"]},
            "signatures": {"anchors": "trust"},
            "relay": {"maildir": "maildir"},
            "sandbox": {"workers": 1},
            "imap": {"mailboxes": [mailbox]},
        },
        tmp_path,
    )
    await migrate(settings.store.url())
    async with open_office(settings, clock=clock) as opened:
        yield opened


async def told(office: Office, cause: AlarmCause) -> list[str]:
    notices = await office.queries.outbox(open_only=True)
    assert all(each.owed.alarm and each.owed.alarm.cause is cause for each in notices)
    return sorted(each.owed.recipient for each in notices)


async def test_a_mailbox_away_is_told_to_clerks_and_it_once_a_day_until_it_is_back(
    office: Office, clock: StandingClock
) -> None:
    stale_after, passed = timedelta(minutes=10), 0.0
    (section,) = office.settings.imap.mailboxes
    nodes = [WatchedMailbox(section, stale_after, office, Metrics(), lambda: passed) for _ in range(2)]

    async def told_of() -> list[str]:
        for watched in (*nodes, *nodes):
            await watched.watch()
        return await told(office, AlarmCause.MAILBOX_AWAY)

    everybody = sorted([CLERK, BOTH, IT])
    clock.pass_(timedelta(hours=3))
    assert await told_of() == [], "the machine's clock was set"
    passed += stale_after.total_seconds() + 1
    clock.pass_(timedelta(hours=-3))
    for watched in nodes:
        watched.failed("Máy chủ thư không trả lời trong thời hạn")
    assert await told_of() == everybody, "a clock that was set back hides nothing"
    clock.pass_(timedelta(hours=1))
    assert await told_of() == everybody
    clock.pass_(timedelta(days=1))
    for watched in nodes:
        watched.progressed()
        assert watched.age() == timedelta(0)
    assert await told_of() == everybody
    passed += stale_after.total_seconds() + 1
    assert await told_of() == sorted(everybody * 2)


async def test_many_mails_left_are_one_alarm_an_hour_and_each_stands_in_the_journal(
    office: Office, clock: StandingClock
) -> None:
    before = (await office.queries.audit()).events
    for uid in range(1, 31):
        await collect.tell_left("so", "INBOX", 7, uid, "Thư quá lớn", office.desk)
    assert await told(office, AlarmCause.MAIL_LEFT) == sorted([CLERK, BOTH])
    assert (await office.queries.audit()).events == before + 30
    clock.pass_(timedelta(hours=1))
    await collect.tell_left("so", "INBOX", 7, 31, "Thư quá lớn", office.desk)
    assert await told(office, AlarmCause.MAIL_LEFT) == sorted([CLERK, BOTH] * 2)


async def test_the_same_bytes_that_come_many_times_at_once_are_one_mail(office: Office) -> None:
    raw = await office.blobs.put(b"Subject: x\r\n\r\nx\r\n")
    envelopes = [Envelope(Transport.IMAP, f"so/00000000/7/{uid}", "", (USER,), "imap") for uid in range(1, 17)]
    mails = await asyncio.gather(*(collect.take(envelope, raw, office.desk) for envelope in envelopes))
    assert len({mail.id for mail in mails}) == 1
    ids = [envelope.transport_id for envelope in envelopes]
    assert set(await office.desk.store.taken(Transport.IMAP, ids)) == set(ids)
