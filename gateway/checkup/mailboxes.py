"""The IMAP mailboxes that mail is fetched from."""

from __future__ import annotations

import asyncio

from gateway.adapters.imap_in.probe import Probe, probe
from gateway.adapters.imap_in.problems import MailboxProblem
from gateway.checkup.result import REMEDIES, CheckResult, Task, fail, ok, warn
from gateway.errors import SettingsError
from gateway.mailboxes import options_of
from gateway.settings import MailboxSection

SECONDS = 45.0
"""For one mailbox: less than the time of the whole check, so that a silent server does not hide the others."""

MANY = 20
"""More mails than a mailbox at work lets wait: perhaps years of old ones, which would all be registered."""


async def mailboxes(task: Task) -> list[CheckResult]:
    """Every mailbox opens over a verified connection, and what we took can be marked or moved there."""
    found = await asyncio.gather(*(_one_mailbox(task, section) for section in task.settings.imap.mailboxes))
    return [result for results in found for result in results] or [ok("imap", "không lấy thư bằng IMAP")]


async def _one_mailbox(task: Task, section: MailboxSection) -> list[CheckResult]:
    place = f"{section.name} ({section.folder} ở {section.host}:{section.port})"
    try:
        async with asyncio.timeout(SECONDS):
            found = await probe(options_of(section, task.settings))
    except TimeoutError:
        return [fail("imap", f"{place}: không xong sau {SECONDS:g} giây", REMEDIES["imap"])]
    except (MailboxProblem, SettingsError) as error:
        return [fail("imap", f"{place}: {error}", REMEDIES["imap"])]
    told = f"{place}: mở được, {found.waiting} thư chưa nhận"
    if found.done_folder_missing:
        told += f"; thư mục {section.done_folder} chưa có, sẽ được tạo khi chuyển thư đầu tiên"
    return [ok("imap", told), *_backlog(place, found), *_finishing(section, place, found), *_news(task, place, found)]


def _backlog(place: str, found: Probe) -> list[CheckResult]:
    if found.waiting <= MANY:
        return []
    return [
        warn(
            "imap",
            f"{place}: {found.waiting} thư cũ sẽ được nhận và vào sổ khi khởi động",
            "Hãy chuyển thư cũ sang thư mục khác trước khi chạy: vanthu serve.",
        )
    ]


def _finishing(section: MailboxSection, place: str, found: Probe) -> list[CheckResult]:
    """A mail that was taken must be told from the others by whoever opens the mailbox, and by us."""
    if found.read_only:
        return [
            fail(
                "imap",
                f"{place}: thư mục chỉ cho đọc, thư đã nhận không đánh dấu, không chuyển đi được",
                f"Hãy đề nghị người quản trị máy chủ thư cho {section.username} quyền ghi, xóa trong {section.folder}.",
            )
        ]
    if found.lacking_flag:
        remedy = (
            "Hãy đề nghị người quản trị máy chủ thư cho phép chuyển thư (MOVE) hoặc đánh dấu xóa."
            if section.done_folder
            else 'Hãy ghi done_folder để chuyển thư đã nhận sang thư mục khác, hoặc đặt done_flag = "\\\\Seen".'
        )
        return [
            fail("imap", f"{place}: máy chủ không lưu dấu {found.lacking_flag} mà thư đã nhận cần có", remedy),
        ]
    if section.done_folder is None or found.can_move:
        return []
    consequence = (
        f"thư được chép sang {section.done_folder} rồi mới xóa; đứt giữa chừng thì ở đó có hai bản"
        if found.can_expunge
        else f"máy chủ cũng không có UIDPLUS, nên thư đã chép sang {section.done_folder} vẫn nằm lại {section.folder} "
        "với dấu xóa"
    )
    return [
        warn(
            "imap",
            f"{place}: không có MOVE, {consequence}",
            "Hãy đề nghị người quản trị máy chủ thư bật MOVE (RFC 6851), hoặc để trống done_folder.",
        )
    ]


def _news(task: Task, place: str, found: Probe) -> list[CheckResult]:
    if found.can_idle:
        return []
    poll = task.settings.imap.poll.total_seconds()
    return [
        warn(
            "imap",
            f"{place}: máy chủ không có IDLE, thư mới có thể chờ tới {poll:g} giây",
            "Hãy đề nghị người quản trị máy chủ thư bật IDLE (RFC 2177), hoặc giảm imap.poll.",
        )
    ]
