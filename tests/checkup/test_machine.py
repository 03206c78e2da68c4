"""What lies on this machine."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.checkup import CheckState, machine
from gateway.checkup.result import CheckResult, Task
from gateway.model.notice import NoticeKind
from gateway.settings import settings_from
from tests.checkup.test_mailboxes import mailbox

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def task(folder: Path, **keys: Any) -> Task:
    return Task(settings_from({"store": {"blobs": "blobs", "database": "g.db"}, **keys}, folder), NOW)


def only(results: list[CheckResult]) -> CheckResult:
    (result,) = results
    return result


async def test_a_writable_folder_with_room_is_well_and_left_clean(tmp_path: Path) -> None:
    result = only(await machine.blobs(task(tmp_path)))
    assert result.state is CheckState.OK
    assert list((tmp_path / "blobs").iterdir()) == []


async def test_a_folder_that_cannot_be_written_raises_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file")
    with pytest.raises(OSError, match="blobs"):
        await machine.blobs(task(tmp_path))


async def test_a_disk_too_small_for_one_mail_fails(tmp_path: Path) -> None:
    limits = {"sender_bytes": "9000 TB", "total_bytes": "9000 TB"}
    keys = {"mail": {"max_message": "9000 TB"}, "sandbox": {"memory": "36000 TB"}, "limits": limits}
    result = only(await machine.blobs(task(tmp_path, **keys)))
    assert result.state is CheckState.FAIL
    assert "không đủ" in result.detail


async def test_no_secret_is_well(tmp_path: Path) -> None:
    assert (only(await machine.secrets(task(tmp_path)))).state is CheckState.OK


@pytest.mark.parametrize(
    ("mode", "content", "state"),
    [(0o600, "hunter2", CheckState.OK), (0o644, "hunter2", CheckState.WARN), (0o600, "", CheckState.FAIL)],
)
async def test_a_secret_must_be_there_and_closed_to_others(
    tmp_path: Path, mode: int, content: str, state: CheckState
) -> None:
    file = tmp_path / "password"
    file.write_text(content)
    file.chmod(mode)
    relay = {"host": "relay.example.vn", "tls": "tls", "username": "sgtvt", "password": "file:password"}
    result = only(await machine.secrets(task(tmp_path, relay=relay)))
    assert result.state is state
    assert "relay.password" in result.detail
    assert "hunter2" not in result.detail + result.remedy


async def test_the_secrets_of_mailboxes_and_of_our_signature_are_looked_at(tmp_path: Path) -> None:
    for name in ("open", "closed"):
        (tmp_path / name).write_text("hunter2")
        (tmp_path / name).chmod(0o644 if name == "open" else 0o600)
    imap = {"mailboxes": [mailbox(143, tmp_path / "open"), mailbox(143, tmp_path / "closed", name="phong")]}
    results = await machine.secrets(task(tmp_path, imap=imap, dkim={"key": "file:open"}))
    found = {result.detail.partition(":")[0]: result.state for result in results}
    assert found == {
        "dkim.key": CheckState.WARN,
        "imap.mailboxes.so.secret": CheckState.WARN,
        "imap.mailboxes.phong.secret": CheckState.OK,
    }


async def test_a_credential_outside_the_service_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    relay = {"host": "relay.example.vn", "tls": "tls", "username": "sgtvt", "password": "credential:relay"}
    result = only(await machine.secrets(task(tmp_path, relay=relay)))
    assert result.state is CheckState.FAIL
    assert "LoadCredential=relay" in result.detail


async def test_the_shipped_templates_are_complete(tmp_path: Path) -> None:
    result = only(await machine.templates(task(tmp_path)))
    assert result.state is CheckState.OK, result.detail


def test_missing_and_broken_templates_are_named(tmp_path: Path) -> None:
    for kind in NoticeKind:
        (tmp_path / kind.value).mkdir()
        for name in ("subject.txt", "body.txt", "body.html"):
            (tmp_path / kind.value / name).write_text("{{ agency.name }}")
    assert machine.compile_all(tmp_path).state is CheckState.OK
    (tmp_path / "receipt" / "body.html").unlink()
    (tmp_path / "refusal" / "subject.txt").write_text("{{ agency.name ")
    result = machine.compile_all(tmp_path)
    assert result.state is CheckState.FAIL
    assert "thiếu receipt/body.html" in result.detail
    assert "refusal/subject.txt: TemplateSyntaxError" in result.detail


async def test_a_worker_process_starts_within_the_shipped_limits(tmp_path: Path) -> None:
    assert (only(await machine.sandbox(task(tmp_path)))).state is CheckState.OK


async def test_text_recognition_knows_vietnamese(tmp_path: Path) -> None:
    result = only(await machine.ocr(task(tmp_path)))
    assert result.state is CheckState.OK, "install the Debian packages tesseract-ocr and tesseract-ocr-vie"


async def test_without_text_recognition_the_gateway_runs_on_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = only(await machine.ocr(task(tmp_path)))
    assert result.state is CheckState.WARN
    assert "tesseract-ocr-vie" in result.remedy
