"""The command line as an operator meets it: Vietnamese, one line for an error, and reading leaves no trace."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.main import main
from gateway.cli.output import console, parsed_json
from gateway.cli.words import details, event_words, waits_for
from gateway.model.alarm import Alarm, AlarmCause
from gateway.model.authentication import Authentication, AuthResult, DkimCheck, DmarcCheck, Judge, SpfCheck
from gateway.model.directory import Directory, Party, PartyKind
from gateway.model.journal import NewEvent
from gateway.model.mail import MailKind
from gateway.model.notice import DeliveryOutcome, DeliveryResult, NoticeKind, NoticeStage, OwedNotice
from gateway.model.report import DeliveryState, RecipientReport, ReportedAction
from gateway.policy.directory_changes import ChangeKind
from gateway.policy.rules import RULES
from gateway.store.database import Database
from gateway.store.sqlstore import SqlStore
from tests.records import MORNING, claim, entry, envelope, parsed, raw

READING = [
    ["register", "list"],
    ["register", "show", "17/2026"],
    ["register", "search", "cầu"],
    ["explain", "M1"],
    ["audit", "verify"],
    ["outbox", "list"],
    ["quarantine", "list"],
]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "gateway.toml"
    (tmp_path / "trust").mkdir()
    file.write_text(
        '[relay]\nmaildir = "maildir"\n[store]\ndatabase = "db/gateway.db"\nblobs = "blobs"\n'
        '[signatures]\nanchors = "trust"\n[log]\nlevel = "error"\n',
        encoding="utf-8",
    )
    return file


class Vanthu:
    """Runs commands in this process."""

    def __init__(self, config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._config, self._monkeypatch, self._capsys = config, monkeypatch, capsys

    def __call__(self, *words: str, configured: bool = True) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        tail = ["--config", str(self._config)] if configured else []
        self._monkeypatch.setattr(sys, "argv", ["vanthu", *words, *tail])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err


@pytest.fixture
def vanthu(config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vanthu:
    return Vanthu(config, monkeypatch, capsys)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_reading_makes_no_database_and_no_folder(vanthu: Vanthu, tmp_path: Path, words: list[str]) -> None:
    before = sorted(tmp_path.rglob("*"))
    code, out, err = vanthu(*words)
    assert (code, out) == (1, "")
    assert err.startswith("vanthu: chưa có cơ sở dữ liệu ")
    assert "vanthu migrate" in err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["explain", "M99999999999999999999999"], 2, "không phải là mã dạng M17"),
        (["explain", "M9223372036854775808"], 2, "không phải là mã dạng M17"),
        (["explain", "M9223372036854775807"], 1, "không tìm thấy M9223372036854775807"),
        (["explain", "M99"], 1, "không tìm thấy M99"),
        (["explain", "99"], 1, "không tìm thấy M99"),
        (["explain", "D5"], 1, "không tìm thấy D5"),
        (["explain", "9/2026"], 1, "sổ không có số đến 9/2026"),
        (["register", "list", "--year", "99999999999999999999"], 2, "--year: số nằm ngoài khoảng cho phép"),
        (["register", "list", "--year", "abc"], 2, "--year: phải là số"),
        (["quarantine", "release", "M99", "--reason", "x"], 1, "không tìm thấy M99"),
        (["quarantine", "release", "M99", "--reason", "x", "--waive", "state_secret"], 1, "không tìm thấy M99"),
        (["quarantine", "release", "M1", "--reason", " \t"], 2, "lý do không được để trống"),
        (["quarantine", "refuse", "M1", "--reason", ""], 2, "lý do không được để trống"),
        (["quarantine", "release", "M1"], 2, "thiếu --reason"),
        (["replay", "M4"], 1, "không tìm thấy M4"),
        (["outbox", "retry", "N4"], 1, "không tìm thấy N4"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_wrong_word_is_told_in_one_line(vanthu: Vanthu, words: list[str], code: int, told: str) -> None:
    vanthu("migrate")
    ended, out, err = vanthu(*words)
    assert (ended, out) == (code, "")
    assert told in err
    assert err.startswith("vanthu: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["tiếp"], "không có lệnh “tiếp”"),
        (["parse", "/khong/co.eml"], "không có tệp “/khong/co.eml”"),
        (["parse", "/"], "là thư mục"),
        (["explain"], "thiếu ID"),
        (["version", "--sai"], "--sai"),
        (["version", "thừa"], "thừa tham số"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_usage_is_told_in_vietnamese(vanthu: Vanthu, words: list[str], told: str) -> None:
    ended, out, err = vanthu(*words, configured=False)
    assert (ended, out) == (2, "")
    assert told in err
    assert "--help" in err
    assert err.count("\n") == 1


def test_a_reader_who_leaves_early_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", "from gateway.cli import main; main()", "--help"]
    try:
        ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, timeout=60)
    finally:
        os.close(writing)
    assert ended.stderr == b""


def test_the_journal_is_told_in_vietnamese() -> None:
    event = NewEvent(
        "mail.judged", "gateway", "pipeline", 1, data={"disposition": "refuse", "rules": ["infected:refuse", "clerk"]}
    )
    assert event_words(event.kind) == "xét theo quy chế"
    assert details(event) == "kết luận: không tiếp nhận; quy tắc: mã độc (không tiếp nhận), văn thư quyết định"
    assert details(NewEvent("mail.dead", "gateway", "pipeline")) == ""


@pytest.mark.parametrize(
    ("event", "said", "told"),
    [
        (
            NewEvent("mail.found_again", "gateway", "imap", 1, data={"transport_id": "văn thư/INBOX/7/12"}),
            "gặp lại đúng thư này trong hộp thư",
            "vị trí: văn thư/INBOX/7/12",
        ),
        (
            NewEvent(
                *("notice.reported", "gateway", "report", 1),
                data={"notice": "N3", "to": "a@x", "action": "failed", "status": "5.1.1"},
            ),
            "nhận báo cáo về thông báo",
            "thông báo: N3; người nhận: a@x; kết quả: không tới; mã trạng thái: 5.1.1",
        ),
        (
            NewEvent("mailbox.mail_left", "gateway", "imap", data={"folder": "INBOX", "uid": "4", "reason": "quá lớn"}),
            "để lại một thư trong hộp thư",
            "thư mục: INBOX; UID: 4; lý do: quá lớn",
        ),
        (
            NewEvent("mailbox.away", "gateway", "imap", data={"mailbox": "văn thư", "since": "08:15 ngày 23/11/2026"}),
            "không xem được hộp thư",
            "hộp thư: văn thư; từ lúc: 08:15 ngày 23/11/2026",
        ),
        (
            NewEvent(
                "directory.imported", "cli:an", "cli", data={"parties": 3, "added": 1, "changed": 0, "removed": 2}
            ),
            "nạp danh bạ",
            "số mục: 3; thêm: 1; sửa: 0; bỏ: 2",
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, NewEvent) else None,
)
def test_what_came_with_mailboxes_and_reports_is_told_in_vietnamese(event: NewEvent, said: str, told: str) -> None:
    assert event_words(event.kind) == said
    assert details(event) == told


def test_every_change_of_the_directory_and_every_rule_has_words() -> None:
    for change in ChangeKind:
        assert event_words(f"party.{change}") != f"party.{change}"
    for rule in RULES:
        told = details(NewEvent("mail.judged", "gateway", "pipeline", data={"rules": [f"{rule.key}:hold"]}))
        assert rule.key not in told
    assert waits_for("sender") == "máy chủ DNS để xác thực nơi gửi"


SENDER = "vanthu@agency.example"
PROVED = Authentication(
    Judge.OWN,
    SENDER,
    SENDER,
    SpfCheck(AuthResult.PASS, "agency.example", "203.0.113.9"),
    (DkimCheck(AuthResult.FAIL, "agency.example", "s1", "body\x1b[31m hash"),),
    DmarcCheck(AuthResult.PASS, "agency.example", "reject"),
    aligned=True,
    reverse_path_proved=True,
)
BOUNCED = RecipientReport(ReportedAction.FAILED, "", SENDER, diagnostic="hộp thư đầy\x1b[2J", guessed=True)
RETURNED, DELIVERED, WAITING, CAUSELESS = "N1", "N2", "N3", "N4"


@pytest.fixture
def kept(vanthu: Vanthu, tmp_path: Path) -> None:
    """M1 became D1 and its receipt N1 came back with M2; M3 is filed on N2, which arrived; N4 is an alarm."""
    vanthu("migrate")
    asyncio.run(_keep(f"sqlite:///{tmp_path / 'db' / 'gateway.db'}"))


async def _keep(url: str) -> None:
    database = Database(url)
    store = SqlStore(database)
    mails = [await store.accept(envelope(name), raw(name), MORNING) for name in ("document", "bounce", "answer")]
    kinds = (MailKind.DOCUMENT, MailKind.REPORT, MailKind.REPLY)
    notices = (NoticeKind.RECEIPT, NoticeKind.CLERK_DOCUMENT, NoticeKind.CLERK_DOCUMENT)
    agency = Party("ubnd-mo-duc", PartyKind.AGENCY, "Ủy ban nhân dân huyện Mộ Đức", domains=("agency.example",))
    async with store.begin() as unit:
        await unit.replace_directory(Directory((agency,)))
        for mail, kind in zip(mails, kinds, strict=True):
            await unit.keep_parsed(mail.id, replace(parsed("a.pdf", kind=kind), subject=f"Thư\x1b[1m {mail.label}"))
        await unit.keep_authentication(mails[0].id, PROVED)
        await unit.link_copy(envelope("again"), mails[0].id, MORNING)
        await unit.register(mails[0], entry("c"), MORNING, 2026, SENDER, answer_to=SENDER)
        for number, notice in enumerate(notices, 1):
            await unit.owe(OwedNotice(notice, SENDER, f"<{number}@x>", mails[0].id, (1,)), MORNING)
        away = Alarm(AlarmCause.MAILBOX_AWAY, {"mailbox": "văn thư"})
        await unit.owe(OwedNotice(NoticeKind.ALARM, "it@x", "<4@x>", None, alarm=away), MORNING)
    taken = DeliveryResult(DeliveryOutcome.SENT, "250 2.0.0 queued")
    for owed in (await store.claim_notices(claim("w")))[:2]:
        async with store.begin() as unit:
            ready = await unit.notice_ready(owed, raw("rendered"), MORNING)
            await unit.notice_attempt(ready, taken, MORNING, to=NoticeStage.SENT, due=MORNING)
    first, second = await store.notices_with(["<1@x>", "<2@x>"])
    async with store.begin() as unit:
        await unit.notice_reported(first, mails[1].id, BOUNCED, MORNING, to=DeliveryState.FAILED_SOFT)
        arrived = RecipientReport(ReportedAction.DELIVERED, "2.0.0", SENDER)
        await unit.notice_reported(second, mails[1].id, arrived, MORNING, to=DeliveryState.DELIVERED)
        await unit.file_on_thread(mails[1].id, [first.id, second.id])
        await unit.file_on_thread(mails[2].id, [second.id])
    await database.close()


def lines(said: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines()]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("what", ["M1", "D1", "1/2026"])
def test_the_story_says_who_sent_it_and_what_came_back(vanthu: Vanthu, what: str) -> None:
    code, out, _ = vanthu("explain", what, "--json")
    (story,) = lines(out)
    assert code == 0
    assert story["authentication"] == {
        "judge": "own",
        "author": SENDER,
        "reverse_path": SENDER,
        "reverse_path_proved": True,
        "aligned": True,
        "spf": {"result": "pass", "domain": "agency.example", "detail": "203.0.113.9"},
        "dkim": [
            {"result": "fail", "domain": "agency.example", "selector": "s1", "detail": "body\x1b[31m hash"},
        ],
        "dmarc": {"result": "pass", "domain": "agency.example", "policy": "reject", "detail": ""},
        "authserv_id": "",
        "sender": "ubnd-mo-duc",
    }
    assert [(notice["id"], notice["delivery"]) for notice in story["notices"]] == [
        (RETURNED, "failed_soft"),
        (DELIVERED, "delivered"),
        (WAITING, None),
    ]
    assert story["notices"][0]["reports"] == [
        {
            "at": MORNING.isoformat(),
            "mail": "M2",
            "action": "failed",
            "status": "",
            "recipient": SENDER,
            "diagnostic": BOUNCED.diagnostic,
            "guessed": True,
        }
    ]
    assert story["notices"][2]["reports"] == []
    assert (story["filed_on"], story["filed"], story["copies"]) == ([], ["M2", "M3"], 1)


@pytest.mark.usefixtures("kept")
def test_the_story_of_a_report_names_the_notices_it_speaks_of(vanthu: Vanthu) -> None:
    _, out, _ = vanthu("explain", "M2", "--json")
    (story,) = lines(out)
    assert (story["filed_on"], story["filed"]) == ([RETURNED, DELIVERED], [])
    assert story["authentication"] is None
    _, out, _ = vanthu("explain", "M2")
    assert "Lưu theo thông báo N1, N2" in out


@pytest.mark.usefixtures("kept")
def test_the_story_is_told_to_people_without_what_strangers_hide_in_it(
    vanthu: Vanthu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "_width", 400)
    monkeypatch.setattr(console, "_height", 50)
    code, out, _ = vanthu("explain", "M1")
    assert code == 0
    for told in (
        f"Người gửi ghi trong thư: {SENDER}; Ủy ban nhân dân huyện Mộ Đức (ubnd-mo-duc)",
        "Xác thực: Ủy ban nhân dân huyện Mộ Đức – Đã xác thực: SPF của agency.example",
        "agency.example (s=s1)",
        "agency.example (p=reject)",
        "không tới: tạm thời",
        "không tới (suy từ lời thư)",
        "đã tới hộp thư",
        "hộp thư đầy",
        "Gặp lại đúng thư này thêm 1 lần",
    ):
        assert told in out
    filed = [line.split()[1] for line in out.splitlines() if line.startswith("│") and "Thư[1m M" in line]
    assert filed == ["M2", "M2", "M3"]
    assert "\x1b" not in out


@pytest.mark.usefixtures("kept")
def test_the_outbox_shows_what_did_not_arrive(vanthu: Vanthu, monkeypatch: pytest.MonkeyPatch) -> None:
    _, out, _ = vanthu("outbox", "list", "--json")
    shown = {notice["id"]: notice for notice in lines(out)}
    assert list(shown) == [CAUSELESS, WAITING, RETURNED]
    assert (shown[RETURNED]["delivery"], shown[RETURNED]["alarm"], shown[RETURNED]["mail"]) == (
        "failed_soft",
        None,
        "M1",
    )
    assert (shown[CAUSELESS]["delivery"], shown[CAUSELESS]["mail"]) == (None, None)
    assert shown[CAUSELESS]["alarm"] == {"cause": "mailbox_away", "facts": {"mailbox": "văn thư"}}
    _, out, _ = vanthu("outbox", "list", "--all", "--json")
    assert [notice["id"] for notice in lines(out)] == [CAUSELESS, WAITING, DELIVERED, RETURNED]
    monkeypatch.setattr(console, "_width", 400)
    monkeypatch.setattr(console, "_height", 50)
    _, out, _ = vanthu("outbox", "list")
    assert "cảnh báo: không xem được hộp thư" in out
    assert "không tới: tạm thời" in out
    assert "None" not in out


@pytest.mark.usefixtures("kept")
def test_what_came_back_can_be_sent_again_and_what_arrived_cannot(vanthu: Vanthu) -> None:
    assert vanthu("outbox", "retry", RETURNED)[:2] == (0, "N1: sẽ được gửi lại\n")
    _, out, _ = vanthu("outbox", "list", "--json")
    (again,) = (notice for notice in lines(out) if notice["id"] == RETURNED)
    assert (again["stage"], again["delivery"], again["attempts"]) == ("ready", None, 0)
    for notice, standing in ((RETURNED, "chờ gửi"), (DELIVERED, "đã gửi (đã tới hộp thư)"), (CAUSELESS, "chờ lập")):
        code, out, err = vanthu("outbox", "retry", notice)
        assert (code, out) == (1, "")
        assert err == f"vanthu: {notice} {standing}; chỉ gửi lại thông báo không gửi được hoặc không tới\n"


def test_parse_prints_what_the_header_claims_and_what_is_reported(vanthu: Vanthu, tmp_path: Path) -> None:
    file = tmp_path / "bounce.eml"
    file.write_text(DELIVERY_REPORT, encoding="utf-8", newline="\r\n")
    code, out, _ = vanthu("parse", str(file), "--json")
    (mail,) = lines(out)
    assert (code, mail["kind"], mail["incomplete"]) == (0, "report", False)
    assert mail["claims"] == {
        "authors": ["mailer-daemon@agency.example"],
        "return_path": "",
        "dkim": [{"domain": "agency.example", "selector": "s1"}],
        "results": ["mx.agency.example; spf=none"],
    }
    assert mail["report"] == {
        "envelope_id": "abc",
        "message_id": "<n1@quangngai.example>",
        "recipients": [
            {
                "action": "failed",
                "status": "5.1.1",
                "final_recipient": "a@agency.example",
                "original_recipient": "",
                "diagnostic": "550 5.1.1 no such user",
                "guessed": False,
            }
        ],
    }
    _, out, _ = vanthu("parse", str(file))
    assert "Báo cáo: không tới a@agency.example 5.1.1 550 5.1.1 no such user" in out


def test_parse_prints_where_a_mail_came_to_and_whether_it_is_whole() -> None:
    printed = parsed_json("a.eml", replace(parsed("a.pdf"), addressed=("tra-loi+abc@x", "a@x"), incomplete=True))
    assert (printed["addressed"], printed["incomplete"], printed["report"]) == (["tra-loi+abc@x", "a@x"], True, None)


DELIVERY_REPORT = """\
Return-Path: <>
Authentication-Results: mx.agency.example; spf=none
DKIM-Signature: v=1; a=rsa-sha256; d=agency.example; s=s1; h=from; bh=AA==; b=AA==
From: mailer-daemon@agency.example
To: tra-loi+abc@quangngai.example
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

It did not arrive.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.agency.example
Original-Envelope-Id: abc

Final-Recipient: rfc822; a@agency.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--x
Content-Type: text/rfc822-headers

Message-ID: <n1@quangngai.example>
Subject: Receipt

--x--
"""
