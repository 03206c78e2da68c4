"""Mails that were set aside on the command line: what is listed, shown and decided, one line for each fault."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import quarantine
from gateway.cli.output import console
from gateway.model.finding import Finding, Outcome
from gateway.model.journal import NewEvent
from gateway.model.mail import MailStage
from gateway.model.verdict import Disposition, Verdict
from gateway.store.blobs import LocalBlobs
from gateway.store.database import Database
from gateway.store.sqlstore import SqlStore
from tests.cli.test_cli import Vanthu, config, lines, vanthu
from tests.records import MORNING, envelope, parsed, raw

__all__ = ["config", "vanthu"]

NOON = datetime(2026, 11, 23, 4, 15, tzinfo=UTC)
"""Three hours of work after MORNING."""
TWIN = Finding("duplicate", "Điều 11 khoản 1 điểm b", Outcome.HOLD, "Số trùng.", "Nói rõ.", "a.pdf", "Đã vào sổ: D9.")
FORGED = Finding("impersonation", "Điều 8 khoản 2 điểm c", Outcome.HOLD, "Nghi mạo nhận.")
WRONG = Finding("allowed_format", "Điều 5 khoản 5 điểm c", Outcome.REFUSE, "Tệp không được nhận.", file="x.exe")
HELD, FORGERY, DEAD, REFUSED, SEALED, WAITING = "M1", "M2", "M3", "M4", "M5", "M6"


class _Standing:
    def now(self) -> datetime:
        return NOON


@pytest.fixture
def aside(vanthu: Vanthu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One mail of each kind: held, held as a forgery, dead, refused, sealed, and waiting for the scanner."""
    monkeypatch.setattr(quarantine, "SystemClock", _Standing)
    monkeypatch.setattr(console, "_width", 400)
    monkeypatch.setattr(console, "_height", 50)
    vanthu("migrate")
    asyncio.run(_set_aside(tmp_path))


async def _set_aside(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'db' / 'gateway.db'}")
    store, blobs = SqlStore(database), LocalBlobs(folder / "blobs")
    names = ("held", "forged", "dead", "refused", "sealed", "waiting")
    mails = [await store.accept(envelope(name), await blobs.put(name.encode()), MORNING) for name in names]
    ends = (MailStage.HELD, MailStage.HELD, None, MailStage.REFUSED, MailStage.SEALED, None)
    verdicts = {0: (Disposition.HOLD, TWIN), 1: (Disposition.HOLD, FORGED), 3: (Disposition.REFUSE, WRONG)}
    async with store.begin() as unit:
        for place, (mail, end) in enumerate(zip(mails, ends, strict=True)):
            if end is not MailStage.SEALED:
                subject = f"Thư\x1b[1m {mail.label}"
                await unit.keep_parsed(mail.id, replace(parsed("a.pdf"), subject=subject, message_id=f"<{place}@x>"))
            if place in verdicts:
                disposition, finding = verdicts[place]
                await unit.keep_verdict(mail.id, Verdict(disposition, (finding,)))
            if end is not None:
                await unit.move(mail, end)
        await unit.bury(mails[2], error="SandboxFailure: hỏng")
        await unit.postpone(mails[5], NOON, waiting_for="scanner", error="scanner: không trả lời")
        await unit.record(NewEvent("mail.held", "gateway", "pipeline", mails[0].id), MORNING)
    await database.close()


def listed(vanthu: Vanthu, *options: str) -> dict[str, dict[str, Any]]:
    code, out, _ = vanthu("quarantine", "list", "--json", *options)
    assert code == 0
    return {row["id"]: row for row in lines(out)}


@pytest.mark.usefixtures("aside")
def test_the_list_has_what_waits_and_what_is_sealed_and_the_refused_where_asked_for(vanthu: Vanthu) -> None:
    assert list(listed(vanthu)) == [HELD, FORGERY, DEAD, SEALED, WAITING]
    assert list(listed(vanthu, "--refused")) == list(listed(vanthu, "--all")) == ["M1", "M2", "M3", "M4", "M5", "M6"]


@pytest.mark.usefixtures("aside")
def test_the_list_tells_how_each_stands_against_the_two_hours_and_why(vanthu: Vanthu) -> None:
    rows = listed(vanthu, "--refused")
    for waiting in (HELD, DEAD, WAITING):
        assert (rows[waiting]["held_for"], rows[waiting]["overdue"]) == (180, True)
        assert rows[waiting]["due_at"] == "2026-11-23T03:15:00+00:00"
    for ended in (REFUSED, SEALED):
        assert rows[ended]["held_for"] is rows[ended]["due_at"] is rows[ended]["overdue"] is None
    assert (rows[HELD]["rules"], rows[HELD]["clauses"]) == (["duplicate"], ["Điều 11 khoản 1 điểm b"])
    assert rows[REFUSED]["rules"] == ["allowed_format"]
    assert rows[SEALED]["subject"] == ""
    _, out, _ = vanthu("quarantine", "list")
    assert "đã giữ 3 giờ làm việc; quá hạn 1 giờ làm việc" in out
    assert "trùng văn bản" in out
    assert "đang chờ máy quét mã độc" in out
    assert "\x1b[1m" not in out


@pytest.mark.usefixtures("aside")
def test_show_tells_each_finding_whole_and_how_to_decide(vanthu: Vanthu) -> None:
    code, out, _ = vanthu("quarantine", "show", HELD)
    assert code == 0
    for told in (
        "quá hạn 1 giờ làm việc",
        "1. Cần văn thư xem xét: trùng văn bản (duplicate); Điều 11 khoản 1 điểm b",
        "Tệp: a.pdf",
        "Thấy: Số trùng.",
        "Cách sửa: Nói rõ.",
        "Ghi chú: Đã vào sổ: D9.",
        'vanthu quarantine release M1 --reason "…"',
        'vanthu quarantine purge --yes M1 --reason "…"',
    ):
        assert told in out
    _, out, _ = vanthu("quarantine", "show", FORGERY)
    assert "vanthu quarantine release M2 --waive impersonation" in out
    _, out, _ = vanthu("quarantine", "show", DEAD)
    assert "vanthu replay M3" in out
    _, out, _ = vanthu("quarantine", "show", HELD, "--json")
    (story,) = lines(out)
    assert (story["id"], story["held_for"], story["findings"][0]["rule"]) == (HELD, 180, "duplicate")


@pytest.mark.usefixtures("aside")
def test_of_a_sealed_mail_the_fact_alone_is_shown(vanthu: Vanthu) -> None:
    code, out, _ = vanthu("quarantine", "show", SEALED)
    assert code == 0
    assert "M5: niêm phong" in out
    assert "chỉ còn lại việc đã nhận" in out
    assert "Tiêu đề" not in out


def decisions(vanthu: Vanthu, mail: str) -> list[tuple[str, str]]:
    _, out, _ = vanthu("explain", mail, "--json")
    (story,) = lines(out)
    events = [(event["kind"], json.dumps(event["data"], ensure_ascii=False)) for event in story["events"]]
    return [(kind, data) for kind, data in events if kind.startswith("mail.") and "reason" in data]


@pytest.mark.usefixtures("aside")
def test_several_mails_are_decided_at_once_and_each_fault_is_one_line(vanthu: Vanthu) -> None:
    code, out, err = vanthu("quarantine", "release", HELD, FORGERY, DEAD, "M99", "--reason", "đã xem")
    assert code == 1
    assert out == "M1: đã chấp nhận\n"
    assert err.splitlines() == [
        "vanthu: M2 bị giữ theo quy tắc chỉ được bỏ qua khi ghi đích danh; nếu chắc chắn: --waive impersonation",
        "vanthu: M3: Không làm được “Chấp nhận” với thư ở trạng thái “xử lý không thành công”.",
        "vanthu: không tìm thấy M99",
    ]
    ((kind, data),) = decisions(vanthu, HELD)
    assert kind == "mail.released"
    assert "đã xem" in data


@pytest.mark.usefixtures("aside")
def test_a_second_decision_is_told_who_decided_first(vanthu: Vanthu) -> None:
    code, out, _ = vanthu("quarantine", "refuse", HELD, DEAD, "--reason", "gửi nhầm")
    assert (code, out) == (0, "M1: không tiếp nhận\nM3: không tiếp nhận\n")
    code, _, err = vanthu("quarantine", "refuse", HELD, "--reason", "gửi nhầm")
    assert code == 1
    assert "Thư M1 đã được quyết định không tiếp nhận lúc" in err
    assert err.count("\n") == 1


@pytest.mark.usefixtures("aside")
def test_purging_wants_to_be_sure_and_leaves_the_fact(vanthu: Vanthu, tmp_path: Path) -> None:
    code, out, err = vanthu("quarantine", "purge", HELD, "--reason", "thư rác")
    assert (code, out) == (2, "")
    assert "--yes" in err
    code, out, _ = vanthu("quarantine", "purge", HELD, DEAD, REFUSED, "--reason", "thư rác", "--yes")
    assert (code, out) == (0, "".join(f"{mail}: đã tiêu hủy nội dung\n" for mail in (HELD, DEAD, REFUSED)))
    rows = listed(vanthu, "--refused")
    for mail in (HELD, DEAD, REFUSED):
        assert (rows[mail]["stage"], rows[mail]["subject"], rows[mail]["destroyed"]) == ("refused", "", True)
        assert [kind for kind, _ in decisions(vanthu, mail)] == ["mail.purged"]
    kept = {path.name for path in (tmp_path / "blobs").rglob("*") if path.is_file()}
    assert raw("held").sha256 not in kept
    code, _, err = vanthu("quarantine", "purge", HELD, "--reason", "thư rác", "--yes")
    assert code == 1
    assert "đã được tiêu hủy nội dung" in err


@pytest.mark.usefixtures("aside")
def test_a_dead_mail_goes_back_to_work(vanthu: Vanthu) -> None:
    code, out, _ = vanthu("replay", DEAD)
    assert code == 0
    assert out.startswith("M3: đã đưa trở lại hàng đợi\n")
    assert DEAD not in listed(vanthu)
