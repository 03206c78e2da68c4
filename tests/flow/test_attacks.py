"""Orders by mail that must not be obeyed: each is refused, journalled, and tells nobody whether a token exists."""

from __future__ import annotations

import email.policy
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from functools import partial

import pytest
import pytest_asyncio

from gateway.model.directory import Absence
from gateway.model.docket import DocumentState
from gateway.model.mail import MailStage, Transport
from gateway.model.notice import NoticeKind
from handlers import quarantine
from handlers.import_directory import import_directory
from tests.flow.attack_mails import (
    STRANGER,
    STRANGERS_SERVER,
    Attack,
    attack,
    by_agency,
    by_stranger,
    reference,
    reply_to,
)
from tests.flow.attack_stage import READERS, Stage, causes, id_of, loot_of, shown, stage_of, tell, token_in
from tests.flow.attack_table import ASSIGN, BORNE, FORGED, INVENTED
from tests.flow.conftest import Bench, on_both_databases
from tests.flow.reading import CLERK, IT, kinds, read, text_of
from tests.flow.staff import DIRECTOR, DIRECTORY, HEAD, OUTSIDE, PROVINCE, SPECIALIST, answer, last, without
from tests.mails import SENDER
from tests.replies import CLIENTS, reply
from tests.servers.dns import DnsServer

pytestmark = pytest.mark.usefixtures("own_domain", "strangers_domain")

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
_ROWS = {**FORGED, **BORNE}
_ON_ONE_STAGE = 8
_LETTERS = str.maketrans("0189", "abcd")
_IMPERSONATION = frozenset({"impersonation"})


@pytest.fixture
def strangers_domain(nameserver: DnsServer) -> Iterator[None]:
    """Who is not in the directory has a domain as well."""
    nameserver.add("stranger.example", "TXT", f"v=spf1 ip4:{STRANGERS_SERVER} -all")
    yield
    nameserver.remove("stranger.example")


@pytest_asyncio.fixture(loop_scope="session")
async def stage(bench: Bench) -> Stage:
    return await stage_of(bench)


@pytest.mark.parametrize("first", range(0, len(_ROWS), _ON_ONE_STAGE))
async def test_an_attack_changes_no_document_and_is_told_to_whom_it_concerns(stage: Stage, first: int) -> None:
    loot, dockets = await loot_of(stage), await stage.dockets()
    for name in list(_ROWS)[first : first + _ON_ONE_STAGE]:
        row = _ROWS[name]
        stage.bench.clock.pass_(AN_HOUR)

        found = await stage.send(row.build(loot))

        assert await stage.dockets() == dockets, name
        assert found.stage is row.end, name
        assert causes(await stage.journal(found), row.event) == [row.cause], name
        assert await stage.told(found) == row.told, name
        if row.answered:
            assert row.says in " ".join(shown(last(stage.bench, row.answered)).split()), name


async def test_without_spf_a_stolen_token_is_worth_nothing(stage: Stage, nameserver: DnsServer) -> None:
    token, dockets = await stage.token(CLERK, stage.second), await stage.dockets()
    nameserver.remove("quangngai.gov.vn")
    found = await stage.send(attack("Trình", author=CLERK, to=reply_to(token)))
    assert found.stage is MailStage.HELD
    assert await kinds(stage.bench, found) == [NoticeKind.CLERK_ATTENTION, NoticeKind.ALARM]
    assert await stage.dockets() == dockets

    desk = stage.bench.office.desk
    await quarantine.release(found.id, actor="cli:van-thu", reason="đã hỏi", waive=_IMPERSONATION, desk=desk)
    await stage.bench.work()
    assert await stage.dockets() == dockets


async def test_what_a_person_puts_in_by_hand_gives_no_orders(stage: Stage) -> None:
    token, dockets = await stage.token(CLERK, stage.second), await stage.dockets()
    sent = attack("Trình", author=CLERK, to=reply_to(token))
    await stage.bench.end_of(sent.raw, mail_from=CLERK, recipient=sent.recipient, peer="", transport=Transport.CLI)
    assert await stage.dockets() == dockets


async def test_the_answer_does_not_tell_whether_a_token_exists(stage: Stage) -> None:
    loot = await loot_of(stage)
    answers = set()
    for token in (INVENTED, loot.director, loot.files, loot.verp, "x", f"{loot.specialist}x"):
        found = await stage.send(attack(ASSIGN, author=SPECIALIST, to=reply_to(token)))
        assert await kinds(stage.bench, found) in ([NoticeKind.ALARM, NoticeKind.TRANSCRIPT], [NoticeKind.TRANSCRIPT])
        notice = last(stage.bench, SPECIALIST)
        answers.add((shown(notice), tuple(read(notice).keys()), _changing(_html(notice))))
    assert len(answers) == 1
    assert len(stage.bench.delivered(IT)) == 1


def _html(notice: bytes) -> str:
    body = read(notice).get_body(("html",))
    assert body is not None
    return str(body.get_content())


def _changing(text: str) -> str:
    return re.sub(r"\b[MND]\d+\b|\b[0-9a-f]{16,64}\b", "#", text)


@pytest.mark.parametrize("by", [by_stranger, by_agency])
async def test_an_outsider_fares_the_same_whatever_token_he_bears(stage: Stage, by: Callable[..., Attack]) -> None:
    loot, dockets = await loot_of(stage), await stage.dockets()
    author = STRANGER if by is by_stranger else SENDER
    seen = []
    for token in (loot.clerk, loot.director, loot.files, INVENTED, None):
        stage.bench.clock.pass_(AN_HOUR)
        found = await stage.send(by("Trình", to=reply_to(token)) if token else by("Trình"))
        events = [event.kind for event in await stage.journal(found) if event.actor == "gateway"]
        told = {who: number for who, number in (await stage.told(found)).items() if who != IT}
        seen.append((found.stage, told, sorted(set(events) - {"notice.sent"}), shown(last(stage.bench, author))))
        assert (IT in await stage.told(found)) == (token is not None)
    assert all(each == seen[0] for each in seen)
    assert await stage.dockets() == dockets


@pytest.mark.parametrize("by", ["colleague", "stranger"])
async def test_a_thousand_wrong_tokens_are_answered_by_a_handful_of_mails(stage: Stage, by: str) -> None:
    bench, dockets = stage.bench, await stage.dockets()
    write = partial(attack, author=HEAD) if by == "colleague" else by_stranger
    for number in range(50):
        first, *others = (f"{number:03d}{at:023d}".translate(_LETTERS) for at in range(20))
        sent = write("Trình", to=reply_to(first), references=[reference(token) for token in others])
        await bench.receive(sent.raw, mail_from=sent.mail_from, peer=sent.peer, recipient=sent.recipient)
    await bench.work()
    answered = bench.delivered(HEAD if by == "colleague" else STRANGER)
    assert len(answered) <= bench.office.desk.correspondence.answers_per_day
    assert len(bench.delivered(IT)) == 1
    assert len({_changing(shown(notice)) for notice in answered}) == 1
    assert await stage.dockets() == dockets

    bench.clock.pass_(AN_HOUR)
    await stage.send(sent)
    assert len(bench.delivered(IT)) == (1 if by == "colleague" else 2)
    assert (await bench.office.queries.audit()).broken_at is None


def _html_mail(page: str, to: str, *, head: str = "") -> Attack:
    page = f"<html><head>{head}</head><body>{page}</body></html>"
    return attack(page, author=CLERK, to=to, content_type="text/html; charset=utf-8")


def _built(to: str, text: str = "Cảm ơn.") -> EmailMessage:
    message = EmailMessage(policy=email.policy.SMTP)
    plain = read(attack("", author=CLERK, to=to).raw)
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        message[name] = str(plain[name])
    message.set_content(text)
    return message


def _by_clerk(message: EmailMessage) -> Attack:
    return Attack(message.as_bytes(), CLERK, OUTSIDE, str(message["To"]))


def _with_file(to: str, name: str) -> Attack:
    message = _built(to)
    message.add_attachment("Trình\n", filename=name)
    return _by_clerk(message)


def _with_mail(to: str) -> Attack:
    message = _built(to)
    message.add_attachment(_built(to, "Trình"))
    return _by_clerk(message)


def _differing(to: str) -> Attack:
    message = _built(to)
    message.add_alternative("<p>Trình</p>", subtype="html")
    return _by_clerk(message)


ELSEWHERE = {
    "subject": lambda to: attack("Cảm ơn.", author=CLERK, to=to, subject="Trinh"),
    "quoted": lambda to: attack("Cảm ơn.\n\n> Trình\n> Trình UBND", author=CLERK, to=to),
    "signature": lambda to: attack("Cảm ơn.\n\n-- \nTrình\nTrình UBND", author=CLERK, to=to),
    "hidden": lambda to: _html_mail('Cảm ơn.<div style="display:none">Trình</div>', to),
    "tiny": lambda to: _html_mail('Cảm ơn.<p style="font-size:0">Trình</p>', to),
    "comment": lambda to: _html_mail("Cảm ơn.<!--<p>Trình</p>-->", to),
    "alternative_text": lambda to: _html_mail('Cảm ơn.<br><img src="cid:a" alt="Trình">', to),
    "title": lambda to: _html_mail("Cảm ơn.", to, head="<title>Trình</title><style>Trình</style>"),
    "text_attachment": lambda to: _with_file(to, "lenh.txt"),
    "attachment_name": lambda to: _with_file(to, "Trình.txt"),
    "attached_mail": _with_mail,
    "one_of_two_alternatives": _differing,
}
"""The clerk's own mails with the right token, in which an order stands where none is read."""


async def test_orders_count_only_where_their_author_wrote_them(stage: Stage) -> None:
    token, dockets = await stage.token(CLERK, stage.second), await stage.dockets()
    for name, build in ELSEWHERE.items():
        found = await stage.send(build(reply_to(token)))
        assert await stage.dockets() == dockets, name
        assert found.stage is MailStage.APPLIED, name
        assert "Chưa thực hiện việc nào" in " ".join(text_of(last(stage.bench, CLERK)).split()), name


async def test_no_program_makes_an_order_of_what_it_quotes(stage: Stage) -> None:
    bench, dockets = stage.bench, await stage.dockets()
    notice = await stage.notice(CLERK, stage.second)
    for client in CLIENTS:
        await answer(bench, CLERK, notice, "Cảm ơn.", client=client)
        assert await stage.dockets() == dockets, client


MACHINES = {
    "auto_submitted": ["Auto-Submitted: auto-replied"],
    "x_autoreply": ["X-Autoreply: yes"],
    "precedence": ["Precedence: auto_reply"],
    "list": ["List-Id: <phong.agency.example>", "Precedence: list"],
    "our_own": ["X-Vanthu-Instance: gateway.quangngai.gov.vn"],
}


async def test_a_machine_that_returns_a_notice_gives_no_orders(stage: Stage) -> None:
    bench, dockets = stage.bench, await stage.dockets()
    notice = await stage.notice(CLERK, stage.second)
    to, text = reply_to(token_in(notice)), f"Trình\n\n{text_of(notice)}"
    references = [reference(token_in(notice)), id_of(notice)]
    sent = [attack(text, author=CLERK, to=to, references=references, headers=fields) for fields in MACHINES.values()]
    for subject in ("=?utf-8?q?Tr=E1=BA=A3_l=E1=BB=9Di_t=E1=BB=B1_=C4=91=E1=BB=99ng?=: van ban", "Vang mat: nghi phep"):
        sent.append(attack(text, author=CLERK, to=to, references=references, subject=subject))
    sent.append(attack(text, author=CLERK, to=to, references=references, mail_from=""))
    sent.append(
        attack(
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nTrình\r\n--b\r\n"
            "Content-Type: message/delivery-status\r\n\r\n"
            "Reporting-MTA: dns; mx.example\r\n\r\nAction: failed\r\n--b--\r\n",
            author=CLERK,
            to=to,
            references=references,
            content_type='multipart/report; report-type=delivery-status; boundary="b"',
        )
    )
    had = bench.delivered(CLERK)
    for number, each in enumerate(sent):
        found = await stage.send(each)
        assert found.stage is MailStage.NOTED, number
        assert await stage.dockets() == dockets, number
        assert await stage.told(found) == {}, number
    assert bench.delivered(CLERK) == had


async def test_a_responder_without_any_sign_that_returns_the_whole_notice_gives_no_orders(stage: Stage) -> None:
    notice, dockets = await stage.notice(CLERK, stage.second), await stage.dockets()
    await stage.send(attack(text_of(notice), author=CLERK, to=reply_to(token_in(notice))))
    assert await stage.dockets() == dockets


@on_both_databases
async def test_an_order_that_comes_again_does_nothing(stage: Stage) -> None:
    bench, token = stage.bench, await stage.token(CLERK, stage.second)
    to = reply_to(token)
    order = attack("Trình", author=CLERK, to=to, headers=["X-Mailer: mot"], message_id="<lenh-1@may.example>")
    await stage.send(order)
    after = await stage.dockets()
    assert after[1].state is DocumentState.PRESENTED
    written = read(order.raw)
    date = str(written["Date"])
    returned = await answer(bench, DIRECTOR, await stage.notice(DIRECTOR, stage.second), "Trả lại: chưa rõ")
    assert returned.stage is MailStage.APPLIED
    after = await stage.dockets()
    assert after[1].state is DocumentState.REGISTERED
    again = (
        order.raw,
        order.raw.replace(b"X-Mailer: mot", b"X-Mailer: hai"),
        order.raw.replace(b"<lenh-1@may.example>", b"<khac@may.example>"),
        order.raw.replace(b"Date: " + date.encode(), b"Date: Mon, 23 Nov 2026 10:00:00 +0700"),
    )
    for number, raw in enumerate(again):
        found = await stage.send(Attack(raw, order.mail_from, order.peer, order.recipient))
        events = [event.kind for event in await stage.journal(found)]
        assert "orders.replayed" in events, number
        assert await stage.told(found) == {}, number
        assert await stage.dockets() == after, number


async def test_an_order_without_date_and_message_id_does_nothing_twice(stage: Stage) -> None:
    to = reply_to(await stage.token(CLERK, stage.second))
    bare = re.sub(rb"Date: [^\r]*\r\n", b"", attack("Trình", author=CLERK, to=to, message_id=None).raw)
    await stage.send(Attack(bare, CLERK, OUTSIDE, to))
    await answer(stage.bench, DIRECTOR, await stage.notice(DIRECTOR, stage.second), "Trả lại: chưa rõ")
    after = await stage.dockets()
    await stage.send(Attack(b"X-Another: field\r\n" + bare, CLERK, OUTSIDE, to))
    assert await stage.dockets() == after


async def approved(stage: Stage) -> None:
    """The second document may go to the province."""
    bench = stage.bench
    await answer(bench, CLERK, await stage.notice(CLERK, stage.second), "Trình UBND")
    await answer(bench, DIRECTOR, await stage.notice(DIRECTOR, stage.second), "Đồng ý")


@on_both_databases
async def test_what_cannot_be_undone_is_confirmed_once_and_by_nobody_else(stage: Stage) -> None:
    bench = stage.bench
    await approved(stage)
    notice = await stage.notice(CLERK, stage.second)
    bench.clock.pass_(A_DAY)
    before = await stage.dockets()
    put_back = await answer(bench, CLERK, notice, "Chuyển UBND")
    assert NoticeKind.CONFIRM in await kinds(bench, put_back)
    assert await stage.dockets() == before
    (question,) = [raw for raw in bench.delivered(CLERK) if str(read(raw)["Message-ID"]).startswith("<confirm.")]

    await answer(bench, HEAD, question, "Xác nhận")
    assert await stage.dockets() == before
    other = await answer(bench, CLERK, question, "Trả lại: gửi nhầm")
    assert causes(await stage.journal(other), "order.refused") == ["wrong_purpose"]
    assert await stage.dockets() == before
    await answer(bench, CLERK, notice, "Xác nhận")
    assert await stage.dockets() == before

    confirmed = await answer(bench, CLERK, question, "Xác nhận", message_id="<xac-nhan@may.example>")
    after = await stage.dockets()
    assert after[1].state is DocumentState.FORWARDED
    assert len(bench.delivered(PROVINCE)) == 1
    raw = bench.office.blobs.path(confirmed.raw.sha256).read_bytes()
    await bench.end_of(raw, mail_from=CLERK, peer=OUTSIDE, recipient=reply_to(token_in(question)))
    await answer(bench, CLERK, question, "Xác nhận")
    assert await stage.dockets() == after
    assert len(bench.delivered(PROVINCE)) == 1


async def test_a_fresh_token_forwards_at_once_and_then_is_fresh_no_more(stage: Stage) -> None:
    bench = stage.bench
    await approved(stage)
    notice = await stage.notice(CLERK, stage.second)
    await answer(bench, CLERK, notice, "Chuyển UBND")
    assert len(bench.delivered(PROVINCE)) == 1
    again = await answer(bench, CLERK, notice, "Chuyển lại UBND: chưa thấy trả lời")
    assert NoticeKind.CONFIRM in await kinds(bench, again)
    assert len(bench.delivered(PROVINCE)) == 1


async def test_an_own_token_that_expired_is_answered_with_a_new_one(stage: Stage) -> None:
    bench, dockets = stage.bench, await stage.dockets()
    notice = await tell(stage, CLERK, stage.second)
    bench.clock.pass_(bench.office.desk.work.token_valid - timedelta(minutes=1))
    alarms = len(bench.delivered(IT))
    found = await answer(bench, CLERK, notice, "Trình")
    assert causes(await stage.journal(found), "orders.denied") == ["expired"]
    assert await stage.dockets() == dockets
    assert len(bench.delivered(IT)) == alarms
    new = next(raw for raw in reversed(bench.delivered(CLERK)) if id_of(raw).startswith("<transcript."))
    await answer(bench, CLERK, new, "Trình")
    assert (await stage.dockets())[1].state is DocumentState.PRESENTED


async def test_who_has_just_left_gives_no_orders(stage: Stage) -> None:
    notice, dockets = await stage.notice(DIRECTOR), await stage.dockets()
    await import_directory(without(DIRECTORY, "hvphuong-sogtvt"), actor="test", desk=stage.bench.office.desk)
    found = await answer(stage.bench, DIRECTOR, notice, ASSIGN)
    assert found.stage is MailStage.HELD
    assert causes(await stage.journal(found), "orders.denied") == ["sender"]
    assert await stage.dockets() == dockets


async def test_who_is_away_and_his_deputy_each_act_by_a_token_of_their_own(stage: Stage) -> None:
    bench, today = stage.bench, stage.bench.clock.now().date()
    away = Absence("hvphuong-sogtvt", today, today + A_DAY, "tvbinh-sogtvt")
    directory = type(DIRECTORY)(DIRECTORY.parties, (away,))
    await import_directory(directory, actor="test", desk=bench.office.desk)
    deputy, notice = "tvbinh-sogtvt@quangngai.gov.vn", await stage.notice(DIRECTOR)
    denied = await answer(bench, deputy, notice, ASSIGN)
    assert causes(await stage.journal(denied), "orders.denied") == ["foreign_token"]
    assert (await stage.dockets())[0].state is DocumentState.PRESENTED
    await answer(bench, deputy, await tell(stage, deputy), ASSIGN)
    assert (await stage.dockets())[0].state is DocumentState.ASSIGNED
    await answer(bench, DIRECTOR, notice, "Trả lại: để tôi xem")
    assert (await stage.dockets())[0].state is DocumentState.REGISTERED


@pytest.mark.parametrize("client", ["gmail", "outlook", "thunderbird"])
async def test_what_the_right_person_writes_above_a_mail_passed_on_is_done_once_at_most(
    stage: Stage, client: str
) -> None:
    notice = await stage.notice(CLERK, stage.second)
    raw = reply(client, to=notice, text="Trình", author=CLERK, forwards=True, date=stage.bench.clock.now())
    to = reply_to(token_in(notice))
    for _ in range(2):
        await stage.bench.end_of(raw, mail_from=CLERK, peer=OUTSIDE, recipient=to)
    assert (await stage.dockets())[1].revision <= 1


INJECTED = "Bcc: nguoi-la@stranger.example"


async def test_nothing_that_is_written_becomes_a_header(stage: Stage) -> None:
    bench = stage.bench
    to = reply_to(await stage.token(CLERK, stage.second))
    encoded = "=?utf-8?q?Tr=C3=ACnh=0D=0A" + INJECTED.replace(" ", "_") + "=0D=0A=0D=0A<b>x</b>?="
    for text in (
        f"Sửa: trích yếu=Về việc\r\n{INJECTED}\r\n\r\nx; số=9/BC-STD\r\n{INJECTED}",
        f"Sửa: trích yếu=Việc mới\u2028{INJECTED}\x0b{INJECTED}\x85{INJECTED}",
        f"Trả lại: lý do\r\n{INJECTED}\r\n\r\n{INJECTED}",
    ):
        await stage.send(attack(text, author=f"{encoded} <{CLERK}>", sender=CLERK, to=to, subject=encoded))
    await stage.send(by_stranger("Trình", author=f"{encoded} <{STRANGER}>", subject=encoded, to=to))
    assert (await stage.dockets())[1].state is DocumentState.RETURNED
    for reader in READERS:
        for notice in bench.delivered(reader):
            head = notice.partition(b"\r\n\r\n")[0] + b"\r\n"
            assert b"\n" not in head.replace(b"\r\n", b"")
            assert not re.search(rb"(?im)^(?:b?cc|resent-\w+):", head)
            assert {name.lower() for name in read(notice)} <= FIELDS, reader
            assert len(read(notice).keys()) == len(set(read(notice).keys())), reader
    assert bench.delivered("nguoi-la@stranger.example") == []


FIELDS = {
    "return-path", "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "reply-to",
    "auto-submitted", "x-auto-response-suppress", "x-vanthu-instance", "content-language", "mime-version",
    "content-type",
}  # fmt: skip
"""Of all notices."""
