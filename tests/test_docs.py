"""What the documents name is there: paths, commands, make targets, keys of the configuration, dependencies."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from gateway.cli.account import Account
from gateway.cli.main import app
from gateway.cli.outbox import _notice_json
from gateway.cli.output import facts_json, parsed_json
from gateway.cli.registers import docket_json
from gateway.cli.story_json import story_json
from gateway.cli.work_story import work_json
from gateway.clock import local
from gateway.model.alarm import AlarmCause
from gateway.model.authentication import Authentication, Judge
from gateway.model.docket import Docket, DocumentState
from gateway.model.document import Direction, Document, Status
from gateway.model.exchange import ExchangeMessage
from gateway.model.facts import FileFacts, Marks
from gateway.model.finding import ONLY_BY_NAME, Finding, Outcome
from gateway.model.mail import Mail, MailStage
from gateway.model.notice import Notice, NoticeKind, NoticeStage, OwedNotice
from gateway.model.report import RecipientReport, Report, ReportedAction
from gateway.model.signature import Coverage, Signature, SignatureVerdict, SignerKind
from gateway.policy import catalogue
from gateway.policy.acts import as_markdown
from gateway.policy.calendar import clocks_of
from gateway.policy.orders import KEYWORDS
from gateway.settings import load_settings, settings_from
from gateway.settings.mailboxes import MailboxSection
from gateway.store.story import NoticeReport, Story, Work
from handlers.stages import MAIL_STAGES, NOTICE_STAGES
from tests.records import CLEAN, MORNING, entry, envelope, header, parsed, raw, sha256

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.png"))

LARGEST_PICTURE = 120 * 1024
CODE = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)\)|src=\"([^\":]+)\"")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
FILE_AT_THE_TOP = re.compile(r"[\w-]+\.(?:md|toml|txt)|Makefile")
KEY = re.compile(r"[a-z]+\.[a-z_]+")

documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def in_backticks(document: Path) -> list[str]:
    return CODE.findall(BLOCK.sub("", document.read_text(encoding="utf-8")))


def lines_of_blocks(document: Path) -> list[str]:
    return [line for block in BLOCK.findall(document.read_text(encoding="utf-8")) for line in block.splitlines()]


@cache
def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "config" / "gateway.toml").read_text(encoding="utf-8"))


def tops() -> set[str]:
    """The folders at the top of the tree: a path that begins with one of them is meant to be here."""
    return {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}


@documents
def test_every_path_named_is_there(document: Path) -> None:
    for text in in_backticks(document):
        if not PATH.fullmatch(text):
            continue
        first, slash, _ = text.partition("/")
        if (slash and first in tops()) or FILE_AT_THE_TOP.fullmatch(text):
            found = ROOT / text
            assert found.exists() or (ROOT / "config" / "policy" / text).exists(), text
            assert found.is_dir() == text.endswith("/") or not found.exists(), text


@documents
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in (one or other for one, other in LINK.findall(document.read_text(encoding="utf-8"))):
        assert (document.parent / target).exists(), target


@documents
def test_every_command_named_is_one_and_takes_what_it_is_given(document: Path) -> None:
    """The arguments in the documents are read by the command's own parser; nothing is run."""
    for text in [*in_backticks(document), *lines_of_blocks(document)]:
        for words in invocations(text):
            command: Any = get_command(app)
            while words and hasattr(command, "commands"):
                assert words[0] in command.commands, text
                command = command.commands[words.pop(0)]
            options = {option for parameter in command.params for option in parameter.opts}
            assert {word for word in words if word.startswith("--")} <= options, text


def invocations(text: str) -> Iterator[list[str]]:
    """The words after `vanthu`, where that is the command: at the beginning, or after sudo."""
    found = re.match(
        r"(?:sudo -u vanthu )?(?:\.venv/bin/)?vanthu(?: (?P<rest>[a-z].*))?$", text.partition(" #")[0].rstrip()
    )
    if found and found["rest"]:
        yield shlex.split(found["rest"])


@documents
def test_every_make_target_named_is_one(document: Path) -> None:
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    for text in [*in_backticks(document), *lines_of_blocks(document)]:
        found = re.match(r"make ([a-z]+)", text)
        assert found is None or found[1] in targets, text


@documents
def test_every_key_of_the_configuration_named_is_one(document: Path) -> None:
    for text in in_backticks(document):
        section, _, key = text.partition(" = ")[0].partition(".")
        if KEY.fullmatch(f"{section}.{key}") and section in settings():
            assert key in settings()[section], text


def test_the_examples_of_the_operators_guide_are_keys_of_the_configuration() -> None:
    blocks = re.findall(r"(?ms)^```toml\n(.*?)^```$", (ROOT / "docs" / "operating.md").read_text(encoding="utf-8"))
    assert blocks
    for block in blocks:
        for section, keys in tomllib.loads(block).items():
            assert keys.keys() <= settings()[section].keys()


def test_the_mailbox_of_the_operators_guide_has_every_key() -> None:
    (block,) = re.findall(
        r"(?ms)^\[\[imap\.mailboxes\]\]\n.*?(?=^```$)", (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    )
    (mailbox,) = tomllib.loads(block)["imap"]["mailboxes"]
    assert list(mailbox) == list(MailboxSection.model_fields)


def test_the_operators_guide_names_keys_with_their_section() -> None:
    named = {text for text in in_backticks(ROOT / "docs" / "operating.md") if KEY.fullmatch(text)}
    sections = {text.partition(".")[0] for text in named}
    assert len(named) > 15
    assert {section for section in sections if section in settings()} == sections


def test_the_operators_guide_tells_of_every_alarm_and_of_every_rule_waived_by_name() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?m)^\| [^|]*\(`([a-z_]+)`[^|]*\) \|", text)) == set(AlarmCause)
    assert set(re.findall(r"`--waive (\w+)`", text)) == ONLY_BY_NAME


def test_every_command_is_in_the_readme() -> None:
    told = " ".join(in_backticks(ROOT / "README.md"))
    command: Any = get_command(app)
    for name, each in command.commands.items():
        for path in [f"{name} {sub}" for sub in each.commands] if hasattr(each, "commands") else [name]:
            assert f"vanthu {path}" in told, path


def test_what_json_prints_is_what_the_readme_says() -> None:
    signature = Signature(
        SignatureVerdict.VALID, "", "", "", SignerKind.SEAL, Coverage.WHOLE, True, True, True, None, None
    )
    facts = FileFacts(sha256("a"), 1, "application/pdf", header=header(), signatures=(signature,))
    mail = parsed_json("a.eml", replace(parsed("a.pdf"), report=Report(), exchanges=(ExchangeMessage(),)))
    told = story_json(account())
    file = facts_json("a.pdf", facts, CLEAN, [Finding("rule", "Điều 1 khoản 1", Outcome.OK, "")])
    printed = {
        "parse": mail,
        "… each part": mail["parts"][0],
        "… claims": mail["claims"],
        "… report, or null": mail["report"],
        "… each message of exchange": mail["exchanges"][0],
        "inspect": file,
        "… header": file["header"],
        "… each signature": file["signatures"][0],
        "… each finding": file["findings"][0],
        "register list, search": docket_json(Docket(document(), DocumentState.REGISTERED)),
        "explain, ingest": told,
        "… authentication, or null": told["authentication"],
        "… each document's work": work_json(
            Work(Docket(document(), DocumentState.REGISTERED), steps=(), timers=(), corrections=(), tokens=0)
        ),
        "… each notice": told["notices"][0],
        "… each report on it": told["notices"][0]["reports"][0],
        "outbox list": _notice_json(notice()),
    }
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command, value in printed.items():
        (row,) = re.findall(rf"(?m)^\| {re.escape(command)} \| (.+) \|$", readme)
        assert CODE.findall(row) == list(value), command


def document() -> Document:
    found = entry("nội dung")
    now = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
    return Document(
        *(1, 1, "den", 2026, 1, "token", now, now, Direction.IN, Status.RECEIVED),
        *(found.header, Marks(), found.files, "vanthu@agency.example"),
    )


def notice() -> Notice:
    owed = OwedNotice(NoticeKind.RECEIPT, "vanthu@agency.example", "<a@sogtvt.example>", 1)
    return Notice(1, owed, NoticeStage.SENT, MORNING, MORNING, 1)


def account() -> Account:
    """A mail that was answered, and the answer reported on."""
    mail = Mail(1, raw("a"), envelope("a"), MORNING, MailStage.REGISTERED)
    report = NoticeReport(1, 2, MORNING, RecipientReport(ReportedAction.DELIVERED))
    story = Story(mail, (), (), (), (notice(),), (), (report,), (), (), (), 0)
    return Account(story, None, Authentication(Judge.OWN, "", None), None, None, {}, {}, (), {})


def test_every_direct_dependency_has_its_row_with_the_locked_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    text = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"(?m)^\| ([^ |]+) \| .+ \| .+ \| (\S+) \|$", text))
    rows.pop("package", None)
    lock = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    locked = dict(re.findall(r"(?m)^([\w.-]+)(?:\[\w+\])?==(\S+)", lock))
    direct = map(required, [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]])
    assert rows == {name: locked[name.partition("[")[0]] for name in direct}


def required(requirement: str) -> str:
    """The name of a requirement with its extras, without version and environment marker (PEP 508)."""
    found = re.match(r"[\w.-]+(?:\[[\w,-]+\])?", requirement)
    assert found, requirement
    return found[0]


def test_decisions_are_numbered_without_gap() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for name in names:
        text = (ROOT / "docs" / "decisions" / name).read_text(encoding="utf-8")
        assert text.startswith(f"# {name[:4]} ")
        assert text.index("**Context.**") < text.index("**Decision.**") < text.index("**Consequences.**")


def test_the_architecture_is_one_page() -> None:
    assert len((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").splitlines()) <= 130


def test_the_stage_table_of_the_architecture_is_that_of_the_code() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = re.findall(r"(?m)^\| (\w+) \| `(\w+)` \|", text)
    assert told == [
        (stage.value, act.__name__) for stages in (MAIL_STAGES, NOTICE_STAGES) for stage, act in stages.items()
    ]


def clerks_guide() -> str:
    return (ROOT / "docs" / "clerk-guide.md").read_text(encoding="utf-8")


def test_the_acts_of_the_clerks_guide_are_the_table_that_decides() -> None:
    assert f"\n\n{as_markdown()}\n" in clerks_guide()


def test_the_catalogue_of_answers_is_what_the_rules_say() -> None:
    told = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")
    assert told.endswith(f"\n\n{catalogue.as_markdown(load_settings().content)}"), "vanthu answers"


def test_the_keywords_of_the_clerks_guide_are_those_that_are_read() -> None:
    rows = [f"| {row.keyword} | {', '.join(row.also)} | `{row.example}` | {row.meaning} |\n" for row in KEYWORDS]
    assert f"| --- | --- | --- | --- |\n{''.join(rows)}\n" in clerks_guide()


def test_the_sums_of_the_clerks_guide_are_those_of_the_shipped_calendar(tmp_path: Path) -> None:
    calendar = settings_from({}, tmp_path).calendar
    told = re.findall(r"(?m)^- (.+ Nhận (\d\d):(\d\d) .+?(\d\d)/(\d\d?)/(\d{4}): .+)$", clerks_guide())
    assert len(told) == 4
    for line, hour, minute, day, month, year in told:
        received = datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=local(MORNING).tzinfo)
        assert line in clocks_of(received.astimezone(UTC), calendar).sums


def test_the_spans_of_the_clerks_guide_are_those_of_the_configuration() -> None:
    work, submissions, mail = (settings()[section] for section in ("work", "submissions", "mail"))
    words = {"h": "giờ", "min": "phút", "days": "ngày"}
    for told, value in (
        ("**{} hành chính**", work["handle_within"]),
        ("trước {} làm việc", work["remind_before"]),
        ("trong {}.", work["token_valid"]),
        ("thông báo mới nhận trong {}", work["fresh"]),
        ("một dòng `Xác nhận` trong {}", work["confirm_valid"]),
        ("có hiệu lực {}", work["links_valid"]),
        ("sau {} làm việc", submissions["acknowledge_within"]),
    ):
        number, unit = value.split()
        assert told.format(f"{number} {words[unit]}") in clerks_guide()
    assert f"Trong một giờ có quá {work['digest_after']} việc" in clerks_guide()
    assert f"nhiều nhất {mail['answers_per_day']} bản kết\nquả" in clerks_guide()


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_pictures_are_small_and_shown(picture: Path) -> None:
    assert picture.stat().st_size <= LARGEST_PICTURE
    links = [(each.parent, one or other) for each in DOCUMENTS for one, other in LINK.findall(each.read_text("utf-8"))]
    assert picture in {(folder / target).resolve() for folder, target in links}


@documents
def test_no_document_names_a_place_of_this_machine(document: Path) -> None:
    assert not re.search(r"/(?:work|tmp|root|home)/", document.read_text(encoding="utf-8"))
