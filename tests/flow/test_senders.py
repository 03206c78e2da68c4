"""Who sent it decides before anything else: the table of known and proved, and whom an answer may reach."""

from __future__ import annotations

from datetime import timedelta

import pytest
import pytest_asyncio

from gateway.errors import NotWaivable
from gateway.model.directory import Directory, Party, PartyKind
from gateway.model.finding import Outcome
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import NoticeKind
from handlers import quarantine
from handlers.desk import Senders
from handlers.import_directory import import_directory
from tests.flow.conftest import AGENCY, Bench, on_both_databases
from tests.flow.reading import CLERK, IT, kinds, numbers, text_of
from tests.mails import SENDER, mail, page_one
from tests.servers.dns import DnsServer, Fault

OWN_SERVER, FORGER = "192.0.2.25", "203.0.113.9"
KNOWN = "vanthu@known.example"
STRANGER = "ai.do@stranger.example"
NOBODY = "khong@nothing.example"
PARTY = Party("KNOWN", PartyKind.AGENCY, "Sở Đã biết", addresses=(KNOWN,))


@pytest.fixture(autouse=True)
def names(nameserver: DnsServer) -> DnsServer:
    """Two domains say which server sends their mail, a third says nothing."""
    for domain in ("known.example", "stranger.example"):
        nameserver.add(domain, "TXT", f"v=spf1 ip4:{OWN_SERVER} -all")
        nameserver.add(f"_dmarc.{domain}", "TXT", "v=DMARC1; p=reject")
    return nameserver


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def directory(bench: Bench) -> None:
    await import_directory(Directory((AGENCY, PARTY)), actor="test", desk=bench.office.desk)


def written_by(author: str, *files: tuple[str, bytes], message_id: str = "<1@somewhere.example>") -> bytes:
    return mail(*files, message_id=message_id).replace(f"<{SENDER}>".encode(), f"<{author}>".encode())


async def from_(bench: Bench, author: str, peer: str, number: int = 1, mail_from: str = "") -> Mail:
    raw = written_by(author, ("a.txt", page_one(number)), message_id=f"<{number}@somewhere.example>")
    return await bench.end_of(raw, mail_from=mail_from or author, peer=peer)


@on_both_databases
async def test_known_and_proved_is_registered_and_answered(bench: Bench) -> None:
    found = await from_(bench, KNOWN, OWN_SERVER)
    assert found.stage is MailStage.REGISTERED
    assert len(bench.delivered(KNOWN)) == 1
    assert "SPF của known.example" in text_of(bench.delivered(CLERK)[0])


async def test_known_but_not_proved_is_held_as_impersonation_and_clerk_and_it_are_told(bench: Bench) -> None:
    found = await from_(bench, KNOWN, FORGER)
    assert found.stage is MailStage.HELD
    assert bench.delivered(KNOWN) == []
    assert await kinds(bench, found) == [NoticeKind.CLERK_ATTENTION, NoticeKind.ALARM]
    (told,) = bench.delivered(IT)
    assert "Điều 8 khoản 2 điểm c" in text_of(told)
    assert FORGER in text_of(told)
    verdict = await bench.office.desk.store.verdict(found.id)
    assert verdict is not None
    assert "impersonation" in {finding.rule for finding in verdict.findings}


async def test_a_flood_of_forgeries_tells_people_once_an_hour_and_then_that_there_were_more(bench: Bench) -> None:
    for number in range(1, 6):
        await from_(bench, KNOWN.upper() if number % 2 else KNOWN, f"203.0.113.{number}", number)
    assert len(bench.delivered(IT)) == len(bench.delivered(CLERK)) == 1
    bench.clock.pass_(timedelta(hours=1))
    await bench.work()
    assert len(bench.delivered(CLERK)) == 2
    assert any("vanthu quarantine list" in text_of(told) for told in bench.delivered(CLERK))
    await from_(bench, KNOWN, FORGER, 6)
    assert (len(bench.delivered(IT)), len(bench.delivered(CLERK))) == (2, 3)


@pytest.mark.parametrize("ours", ["sgtvt@quangngai.gov.vn", "SGTVT@QuangNgai.gov.vn", "sgtvt+tin@quangngai.gov.vn"])
async def test_our_own_address_from_outside_is_an_impersonation(bench: Bench, ours: str) -> None:
    found = await from_(bench, ours, FORGER)
    assert found.stage is MailStage.HELD
    assert NoticeKind.ALARM in await kinds(bench, found)


async def test_unknown_but_proved_waits_for_the_clerk_and_is_told_so(bench: Bench) -> None:
    found = await from_(bench, STRANGER, OWN_SERVER)
    assert found.stage is MailStage.HELD
    assert await kinds(bench, found) == [NoticeKind.HOLD, NoticeKind.CLERK_ATTENTION]
    assert "chưa có trong danh bạ" in text_of(bench.delivered(STRANGER)[0])


async def test_unknown_but_proved_may_be_accepted_by_configuration(bench: Bench) -> None:
    async with bench.with_desk(senders=Senders(accept_unknown=True, patience=timedelta(minutes=30))):
        found = await from_(bench, STRANGER, OWN_SERVER)
    assert found.stage is MailStage.REGISTERED
    assert len(bench.delivered(STRANGER)) == 1


@pytest.mark.parametrize(("author", "peer"), [(STRANGER, FORGER), (NOBODY, FORGER)])
async def test_unknown_and_not_proved_is_held_without_an_answer(bench: Bench, author: str, peer: str) -> None:
    found = await from_(bench, author, peer)
    assert found.stage is MailStage.HELD
    assert bench.delivered(author) == []
    assert await kinds(bench, found) == [NoticeKind.CLERK_ATTENTION]


async def test_a_proved_envelope_does_not_prove_the_author(bench: Bench) -> None:
    """The forger's own domain passes SPF; From names somebody else."""
    found = await from_(bench, KNOWN, OWN_SERVER, mail_from=f"bounce@{STRANGER.partition('@')[2]}")
    assert found.stage is MailStage.HELD
    assert bench.delivered(KNOWN) == bench.delivered(f"bounce@{STRANGER.partition('@')[2]}") == []


async def test_nothing_is_refused_to_one_who_is_not_who_he_says(bench: Bench) -> None:
    """A refusal would tell a forger what to mend, or tell the wrong person."""
    found = await bench.end_of(written_by(KNOWN), mail_from=KNOWN, peer=FORGER)
    assert found.stage is MailStage.HELD
    assert bench.delivered(KNOWN) == []


async def test_several_authors_prove_nobody_and_a_known_one_among_them_is_suspected(bench: Bench) -> None:
    raw = written_by(KNOWN, ("a.txt", page_one(1))).replace(b"From: ", f"From: {STRANGER}\r\nFrom: ".encode(), 1)
    found = await bench.end_of(raw, mail_from=KNOWN, peer=OWN_SERVER)
    assert "impersonation" in await held_by(bench, found)
    assert bench.delivered(KNOWN) == []


async def test_a_suspected_mail_is_released_by_name_only_and_then_registered_unanswered(bench: Bench) -> None:
    found = await from_(bench, KNOWN, FORGER)
    desk = bench.office.desk
    with pytest.raises(NotWaivable):
        await quarantine.release(found.id, actor="cli:lan", reason="đã gọi điện", waive=frozenset(), desk=desk)
    await quarantine.release(
        found.id, actor="cli:lan", reason="đã gọi điện", waive=frozenset({"impersonation"}), desk=desk
    )
    await bench.work()
    assert await numbers(bench) == [1]
    assert bench.delivered(KNOWN) == []
    told = " ".join(" ".join(text_of(told).split()) for told in bench.delivered(CLERK))
    assert "Chưa gửi xác nhận cho nơi gửi" in told


async def test_while_dns_is_away_the_mail_waits_and_then_a_person_decides(bench: Bench, names: DnsServer) -> None:
    names.fail("known.example", Fault.SERVFAIL, "TXT")
    names.fail("_dmarc.known.example", Fault.SERVFAIL, "TXT")
    try:
        found = await from_(bench, KNOWN, OWN_SERVER)
        assert (found.stage, found.waiting_for) == (MailStage.PARSED, "sender")
        bench.clock.pass_(timedelta(minutes=31))
        await bench.work()
        found = await bench.office.desk.store.mail(found.id)
        assert found.stage is MailStage.HELD
        assert bench.delivered(KNOWN) == bench.delivered(IT) == []
        assert await held_by(bench, found) == {"unchecked_sender"}
    finally:
        names.remove("known.example")
        names.remove("_dmarc.known.example")


async def test_a_mail_that_dns_left_open_is_asked_about_again_when_it_is_released(
    bench: Bench, names: DnsServer
) -> None:
    for name in ("known.example", "_dmarc.known.example"):
        names.fail(name, Fault.SERVFAIL, "TXT")
    found = await from_(bench, KNOWN, OWN_SERVER)
    bench.clock.pass_(timedelta(minutes=31))
    await bench.work()
    for name, policy in (
        ("known.example", f"v=spf1 ip4:{OWN_SERVER} -all"),
        ("_dmarc.known.example", "v=DMARC1; p=none"),
    ):
        names.remove(name)
        names.add(name, "TXT", policy)
    bench.clock.pass_(timedelta(hours=1))
    desk = bench.office.desk
    await quarantine.release(found.id, actor="cli:lan", reason="DNS đã có", waive=frozenset(), desk=desk)
    await bench.work()
    assert await numbers(bench) == [1]
    assert len(bench.delivered(KNOWN)) == 1


async def held_by(bench: Bench, found: Mail) -> set[str]:
    verdict = await bench.office.desk.store.verdict(found.id)
    assert verdict is not None
    return {finding.rule for finding in verdict.findings if finding.outcome is Outcome.HOLD}
