"""What lies on this machine: secrets, disk, templates, worker processes, text recognition."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, TemplateError

from gateway.adapters.archive import load as load_libarchive
from gateway.adapters.sandbox import Sandbox
from gateway.checkup.result import REMEDIES, CheckResult, Task, fail, ok, warn
from gateway.durable import sync_folder
from gateway.errors import SettingsError
from gateway.model.notice import NoticeKind
from gateway.settings import Secret, Settings
from gateway.shipped import shipped

ROOM_TO_WARN = 20
_NOTICE_FILES = ("subject.txt", "body.txt", "body.html")


async def secrets(task: Task) -> list[CheckResult]:
    """Every secret can be read, and not by everybody."""
    settings = task.settings
    secrets = {
        "relay.password": settings.relay.password,
        "store.database_password": settings.store.database_password,
        "dkim.key": settings.dkim.key,
        "receipts.pin": settings.receipts.pin,
        **{f"imap.mailboxes.{mailbox.name}.secret": mailbox.secret for mailbox in settings.imap.mailboxes},
    }
    used = {key: secret for key, secret in secrets.items() if secret is not None}
    found = await asyncio.gather(*(asyncio.to_thread(_secret, key, secret) for key, secret in used.items()))
    return list(found) or [ok("secrets", "không dùng bí mật nào")]


def _secret(key: str, secret: Secret) -> CheckResult:
    try:
        secret.reveal()
        if secret.reference.is_open_to_all():
            return warn(
                "secrets", f"{key}: mọi người trên máy đọc được {secret}", f"Hãy chạy: chmod o-rwx {secret.reference}"
            )
    except SettingsError as error:
        return fail("secrets", f"{key}: {error}", "Hãy tạo tệp ấy, cho riêng người dùng của dịch vụ đọc.")
    return ok("secrets", f"{key}: đọc được {secret}")


async def blobs(task: Task) -> list[CheckResult]:
    """The blob folder can be written durably and has room."""
    return [await asyncio.to_thread(_try_folder, task.settings)]


def _try_folder(settings: Settings) -> CheckResult:
    folder = settings.store.blobs
    write_durably(folder)
    free = shutil.disk_usage(folder).free
    told = f"ghi được vào {folder}, còn trống {free // 1024**2} MB"
    remedy = "Hãy dọn đĩa, hoặc chuyển store.blobs sang đĩa lớn hơn."
    if free < settings.mail.max_message:
        return fail("blobs", f"{told}, không đủ cho một thư lớn nhất", remedy)
    if free < ROOM_TO_WARN * settings.mail.max_message:
        return warn("blobs", f"{told}, chưa đủ cho {ROOM_TO_WARN} thư lớn nhất", remedy)
    return ok("blobs", told)


def write_durably(folder: Path) -> None:
    """A file written, flushed to the disk with its folder, and removed; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".check-") as file:
        file.write(b"vanthu")
        file.flush()
        os.fsync(file.fileno())
        sync_folder(folder)


async def templates(_task: Task) -> list[CheckResult]:
    """Every notice has its three files, and they compile."""
    return [await asyncio.to_thread(compile_all, shipped("templates") / "mail")]


def compile_all(folder: Path) -> CheckResult:
    """Read and compile every template of every notice in `folder`."""
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    broken = []
    for kind in NoticeKind:
        for name in _NOTICE_FILES:
            try:
                text = (folder / kind.value / name).read_text(encoding="utf-8")
                environment.parse(text, filename=name)
            except FileNotFoundError:
                broken.append(f"thiếu {kind.value}/{name}")
            except (TemplateError, UnicodeDecodeError) as error:
                broken.append(f"{kind.value}/{name}: {type(error).__name__}")
    if broken:
        return fail("templates", "; ".join(broken), REMEDIES["templates"])
    return ok("templates", f"đủ mẫu của {len(NoticeKind)} loại thông báo")


async def sandbox(task: Task) -> list[CheckResult]:
    """A worker process starts within its limits and answers."""
    given = task.settings.sandbox
    pool = Sandbox(1, given.memory, given.timeout.total_seconds(), 1)
    try:
        process = await pool.run(os.getpid)
    finally:
        await pool.close()
    if process == os.getpid():
        return [fail("sandbox", "việc không chạy ở tiến trình riêng", REMEDIES["sandbox"])]
    missing = pool.isolation.missing if pool.isolation else ()
    if missing:
        return [warn("sandbox", "; ".join(missing), REMEDIES["isolation"])]
    return [ok("sandbox", "tiến trình mở tệp chạy được, không có mạng, chỉ ghi được vào thư mục tạm")]


async def archives(task: Task) -> list[CheckResult]:
    """Where archives are opened, the library that opens most of them is there."""
    if not await asyncio.to_thread(load_libarchive):
        lacks = "chỉ mở được zip" if task.settings.archives.open else "không nhận ra tệp nén 7z có mật khẩu"
        return [warn("archives", f"thiếu thư viện libarchive: {lacks}", REMEDIES["archives"])]
    if not task.settings.archives.open:
        return [ok("archives", "không mở tệp nén (archives.open = false)")]
    return [ok("archives", "mở được zip, rar, 7z, tar")]


async def ocr(_task: Task) -> list[CheckResult]:
    """Text recognition knows Vietnamese."""
    program = shutil.which("tesseract")
    if program is None:
        return [warn("ocr", "không có bộ nhận dạng chữ, bản quét sẽ không đọc được", REMEDIES["ocr"])]
    process = await asyncio.create_subprocess_exec(
        program, "--list-langs", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if b"vie" not in output.split():
        return [warn("ocr", "bộ nhận dạng chữ thiếu tiếng Việt", REMEDIES["ocr"])]
    return [ok("ocr", "nhận dạng được chữ tiếng Việt")]
