"""Commands on mails that were set aside: what waits and for how long, and what a person decides about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.app import Office
from gateway.cli.account import Account, account_of
from gateway.cli.output import complain, print_json, print_table, say, when
from gateway.cli.session import (
    EX_USAGE,
    AsJson,
    Config,
    Records,
    actor,
    id_of,
    kept_by,
    looking_for,
    office_of,
    records_of,
    run,
)
from gateway.cli.story import tell, tell_parts, tell_sender
from gateway.cli.story_json import story_json
from gateway.cli.words import actor_words, details, event_words, waits_for
from gateway.clock import SystemClock
from gateway.errors import NotWaivable, StaleState, UnfitDecision
from gateway.model.finding import ONLY_BY_NAME, Finding, Outcome
from gateway.model.mail import Mail, MailStage
from gateway.model.wording import OUTCOME_WORDS, STAGE_WORDS, one_line, size
from gateway.policy.quarantine import OPEN, Held, held, holding_rules, title_of
from gateway.store.quarantine import SetAside
from handlers import quarantine as acts

quarantine = typer.Typer(no_args_is_help=True, help="Thư tạm giữ, không tiếp nhận, niêm phong, xử lý không thành công.")

Reason = Annotated[str, typer.Option("--reason", help="Lý do, ghi vào nhật ký.")]
MailId = Annotated[str, typer.Argument(metavar="ID", help="Mã thư, như M17.")]
MailIds = Annotated[list[str], typer.Argument(metavar="ID...", help="Một hoặc nhiều mã thư, như M17 M18.")]

_RECENT = timedelta(days=30)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_DECISIONS = ("mail.held", "mail.released", "mail.refused", "mail.replayed", "mail.purged", "mail.dead", "mail.sealed")


@quarantine.command("list")
def list_quarantine(
    config: Config = None,
    refused: Annotated[bool, typer.Option("--refused", help="In cả thư không tiếp nhận trong 30 ngày qua.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="In cả mọi thư không tiếp nhận từ trước tới nay.")] = False,
    as_json: AsJson = False,
) -> None:
    """In các thư chờ người quyết định, đang niêm phong, và thư đang chờ máy quét hoặc ổ đĩa."""
    now = SystemClock().now()
    since = _EVER if everything else now - _RECENT if refused else None
    run(_list(config, since, now, as_json=as_json))


async def _list(config: Path | None, refused_since: datetime | None, now: datetime, *, as_json: bool) -> None:
    async with records_of(config) as records:
        found = await records.queries.set_aside(sealed=True, refused_since=refused_since)
        if as_json:
            for aside in found:
                print_json(_aside_json(aside, _clock_of(aside.mail, records, now)))
            return
        rows = [_aside_row(aside, _clock_of(aside.mail, records, now)) for aside in found]
        columns = ("Mã", "Tình trạng", "Nhận lúc", "Thời hạn 2 giờ", "Người gửi", "Tiêu đề", "Quy tắc giữ")
        print_table("Thư tạm giữ", columns, rows)


def _clock_of(mail: Mail, records: Records, now: datetime) -> Held | None:
    """How a mail stands against the two hours; None where nothing is decided about it any more."""
    waits = mail.stage in OPEN or not mail.stage.is_end
    settings = records.settings
    return held(mail.received_at, now, settings.calendar, settings.work.handle_within) if waits else None


def _aside_row(aside: SetAside, clock: Held | None) -> tuple[object, ...]:
    destroyed = ", đã tiêu hủy nội dung" if aside.is_destroyed and aside.mail.stage is not MailStage.SEALED else ""
    return (
        aside.mail.label,
        f"{_standing(aside.mail)}{destroyed}",
        when(aside.mail.received_at),
        clock.words if clock else "",
        one_line(aside.sender),
        one_line(aside.subject),
        "; ".join(map(title_of, _rules(aside))),
    )


def _rules(aside: SetAside) -> tuple[str, ...]:
    """What holds a mail, or why it was refused."""
    if aside.mail.stage is MailStage.REFUSED:
        return tuple(dict.fromkeys(each.rule for each in aside.findings if each.outcome is Outcome.REFUSE))
    return holding_rules(aside.findings) if aside.mail.stage is MailStage.HELD else ()


def _aside_json(aside: SetAside, clock: Held | None) -> dict[str, Any]:
    mail, rules = aside.mail, _rules(aside)
    return {
        "id": mail.label,
        "stage": mail.stage.value,
        "received_at": mail.received_at.isoformat(),
        "from": aside.sender,
        "subject": aside.subject,
        "waiting_for": mail.waiting_for,
        "failed_stage": mail.failed_stage.value if mail.failed_stage else None,
        "last_error": mail.last_error,
        **_clock_json(clock),
        "rules": list(rules),
        "clauses": list(dict.fromkeys(each.clause for each in aside.findings if each.rule in rules)),
        "destroyed": aside.is_destroyed,
    }


def _clock_json(clock: Held | None) -> dict[str, Any]:
    """`held_for` is in whole minutes of working time."""
    return {
        "held_for": clock.worked // timedelta(minutes=1) if clock else None,
        "due_at": clock.due.isoformat() if clock else None,
        "overdue": clock.overdue if clock else None,
    }


def _standing(mail: Mail) -> str:
    waits = f", đang chờ {waits_for(mail.waiting_for)}" if mail.waiting_for else ""
    return f"{STAGE_WORDS[mail.stage]}{waits}"


@quarantine.command("show")
def show(mail: MailId, config: Config = None, as_json: AsJson = False) -> None:
    """In mọi điều đã biết về một thư: vì sao giữ, các phần, kết quả quét, xác thực nơi gửi, ai đã quyết định."""
    run(_show(id_of(mail, "M"), config, SystemClock().now(), as_json=as_json))


async def _show(mail_id: int, config: Path | None, now: datetime, *, as_json: bool) -> None:
    async with records_of(config) as records:
        account = await account_of(mail_id, records)
        clock = _clock_of(account.story.mail, records, now)
        if as_json:
            print_json(story_json(account) | _clock_json(clock))
            return
        _show_mail(account, clock)
        if account.story.mail.stage is MailStage.SEALED:
            say("  Nội dung đã niêm phong; chỉ còn lại việc đã nhận.")
        else:
            _show_content(account)
        _show_decisions(account)


def _show_mail(account: Account, clock: Held | None) -> None:
    mail = account.story.mail
    say(f"{mail.label}: {_standing(mail)}")
    say(f"  Từ {mail.envelope.mail_from or '(không có địa chỉ trả lại)'}, nhận lúc {when(mail.received_at)}")
    say(f"  {size(mail.raw.size)}, SHA-256 {mail.raw.sha256}")
    if clock:
        say(f"  Thời hạn 2 giờ hành chính (Điều 3 khoản 4): {clock.words}; hạn {when(clock.due)}")
    if mail.failed_stage:
        say(f"  Hỏng ở bước sau “{STAGE_WORDS[mail.failed_stage]}”: {mail.last_error}")


def _show_content(account: Account) -> None:
    if account.parsed:
        say(f"  Tiêu đề: {one_line(account.parsed.subject) or '(không có)'}")
    if account.authentication:
        tell_sender(account.authentication, account.sender, brief=False)
    for number, finding in enumerate(account.verdict.findings if account.verdict else (), 1):
        _show_finding(number, finding)
    if account.parsed:
        tell_parts(account.parsed, account.facts, account.scans)
    if account.story.mail.stage in OPEN:
        say("Quyết định bằng:")
        for command in _commands(account):
            say(f"  {command}")


def _show_finding(number: int, finding: Finding) -> None:
    say(f"{number}. {OUTCOME_WORDS[finding.outcome]}: {title_of(finding.rule)} ({finding.rule}); {finding.clause}")
    told = (("Tệp", finding.file), ("Thấy", finding.text), ("Cách sửa", finding.remedy), ("Ghi chú", finding.note))
    for name, words in told:
        if words:
            say(f"   {name}: {one_line(words)}")


def _commands(account: Account) -> list[str]:
    mail = account.story.mail
    rules = holding_rules(account.verdict.findings) if account.verdict else ()
    waived = "".join(f" --waive {rule}" for rule in rules if rule in ONLY_BY_NAME)
    first = (
        f'vanthu quarantine release {mail.label}{waived} --reason "…"'
        if mail.stage is MailStage.HELD
        else f"vanthu replay {mail.label}"
    )
    ending = [f'vanthu quarantine {act} {mail.label} --reason "…"' for act in ("refuse", "purge --yes")]
    return [first, *ending]


def _show_decisions(account: Account) -> None:
    rows = [
        (when(link.at), event_words(link.event.kind), actor_words(link.event.actor), details(link.event))
        for link in account.story.events
        if link.event.kind in _DECISIONS
    ]
    print_table("Đã quyết định", ("Lúc", "Việc", "Ai", "Chi tiết"), rows)


@quarantine.command("release")
def release(
    mails: MailIds,
    reason: Reason,
    waive: Annotated[
        list[str] | None,
        typer.Option("--waive", metavar="RULE", help="Quy tắc chỉ được bỏ qua khi ghi đích danh; dùng được nhiều lần."),
    ] = None,
    config: Config = None,
) -> None:
    """Chấp nhận thư đang giữ: bỏ qua các quy tắc đã giữ thư và xét lại."""
    stated_reason, named = stated(reason), frozenset(waive or ())

    async def act(mail_id: int, office: Office) -> None:
        await acts.release(mail_id, actor=actor(), reason=stated_reason, waive=named, desk=office.desk)

    run(_each(_ids(mails), act, "đã chấp nhận", config))


@quarantine.command("refuse")
def refuse(mails: MailIds, reason: Reason, config: Config = None) -> None:
    """Không tiếp nhận thư đang giữ hoặc xử lý không thành công, và báo cho người gửi."""
    stated_reason = stated(reason)

    async def act(mail_id: int, office: Office) -> None:
        await acts.refuse(mail_id, actor=actor(), reason=stated_reason, desk=office.desk)

    run(_each(_ids(mails), act, "không tiếp nhận", config))


@quarantine.command("purge")
def purge(
    mails: MailIds,
    reason: Reason,
    yes: Annotated[bool, typer.Option("--yes", help="Chắc chắn: nội dung mất hẳn, không lấy lại được.")] = False,
    config: Config = None,
) -> None:
    """Tiêu hủy nội dung thư đang giữ, không tiếp nhận, niêm phong hoặc hỏng; chỉ giữ lại việc đã nhận."""
    stated_reason, ids = stated(reason), _ids(mails)
    if not yes:
        complain("nội dung sẽ mất hẳn, không lấy lại được; nếu chắc chắn, thêm --yes")
        raise typer.Exit(EX_USAGE)

    async def act(mail_id: int, office: Office) -> None:
        await acts.purge(mail_id, actor=actor(), reason=stated_reason, desk=office.desk)

    run(_each(ids, act, "đã tiêu hủy nội dung", config))


def replay(mails: MailIds, config: Config = None) -> None:
    """Xử lý lại thư đã hỏng ba lần, từ đúng bước đã hỏng."""

    async def act(mail_id: int, office: Office) -> None:
        await acts.replay(mail_id, actor=actor(), desk=office.desk)

    run(_each(_ids(mails), act, "đã đưa trở lại hàng đợi", config))


def stated(reason: str) -> str:
    """The reason for the journal; ends the program where it is blank."""
    if words := " ".join(reason.split()):
        return words
    complain("--reason: lý do không được để trống")
    raise typer.Exit(EX_USAGE)


def _ids(mails: Sequence[str]) -> list[int]:
    return list(dict.fromkeys(id_of(mail, "M") for mail in mails))


async def _each(
    ids: Sequence[int], act: Callable[[int, Office], Awaitable[None]], done: str, config: Path | None
) -> None:
    """Decide about each mail by itself, and say what became of it; ends with 1 where one could not be decided."""
    failed = False
    async with office_of(config) as office:
        for mail_id in ids:
            try:
                with looking_for(f"M{mail_id}"):
                    await act(mail_id, office)
            except typer.Exit:
                failed = True
            except (UnfitDecision, NotWaivable) as error:
                complain(str(error))
                failed = True
            except StaleState:
                complain(f"M{mail_id}: trạng thái vừa thay đổi; hãy xem lại rồi thử lại")
                failed = True
            else:
                say(f"M{mail_id}: {done}")
        if len(ids) == 1 and not failed:
            await tell(ids[0], kept_by(office), as_json=False, brief=True)
    if failed:
        raise typer.Exit(1)
