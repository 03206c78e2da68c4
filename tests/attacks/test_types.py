"""Files of the families about type, name, archive and secrecy, by mail, and what the rules say of them."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from gateway.adapters.archive import ArchiveOpener
from gateway.adapters.filetype import contradictions
from gateway.adapters.mime import parse_mail
from gateway.adapters.text import read_text
from gateway.model.archive import ArchiveLimits
from gateway.model.facts import FileFacts
from gateway.model.finding import Finding, Outcome
from gateway.model.part import CARRIES_DOCUMENT, ParsedMail
from gateway.policy.active import ActiveTable
from gateway.policy.case import Case, Examined
from gateway.policy.content import ContentRules
from gateway.policy.formats import FormatTable
from gateway.policy.rules import RULES
from gateway.shipped import shipped
from gateway.workers import holds_more, true_type
from tests.adapters.mime.mails import HEAD, encoded, multipart, text_part
from tests.attacks import archives, clean_formats, encrypted, names, polyglots, types
from tests.attacks.archive_builder import raw_name_zip, tarred, unicode_path, zipped
from tests.attacks.attack import Attack, Clean
from tests.documents import decision_pdf
from tests.records import CLEAN as NO_VIRUS
from tests.records import raw

POLICY = shipped("config") / "policy"
TABLES = {name: tomllib.loads((POLICY / f"{name}.toml").read_text(encoding="utf-8")) for name in ("formats", "active")}
CONTENT = ContentRules(FormatTable.from_rows(**TABLES["formats"]), ActiveTable.from_rows(TABLES["active"]["content"]))
LIMITS = ArchiveLimits(max_depth=2, max_members=200, max_unpacked=200_000_000, max_ratio=100)
ATTACKS = (*types.ATTACKS, *names.ATTACKS, *archives.ATTACKS, *encrypted.ATTACKS, *polyglots.ATTACKS)
DOUBLE = b"\x00\x05\x16\x07\x00\x02\x00\x00" + bytes(40)
STRICT = {Outcome.HOLD, Outcome.REFUSE, Outcome.SEAL}
OF_FILES = {"allowed_format", "file_name", "readable", "active_content", "opened_whole"}
# What the reader of text says of these is asked for here as the worker does; of all others it does not matter.
SAY_THEMSELVES = {"application/pdf", "application/msword", "application/vnd.ms-excel"}


def judged(files: Mapping[str, bytes], limits: ArchiveLimits | None = None) -> tuple[ParsedMail, list[Finding]]:
    """A mail with these files taken apart, and all that the rules on files find."""
    parts = [attached(name, content) for name, content in files.items()]
    return judged_mail(HEAD + multipart("mixed", text_part("Kính gửi"), *parts), limits)


def judged_mail(content: str, limits: ArchiveLimits | None = None) -> tuple[ParsedMail, list[Finding]]:
    """A whole mail, by the same rules."""
    with tempfile.TemporaryDirectory() as folder:
        mail, scratch = Path(folder, "mail"), Path(folder, "scratch")
        scratch.mkdir()
        mail.write_bytes(content.encode())
        opener = ArchiveOpener(limits) if limits else None
        parsed = parse_mail(mail, scratch, true_type, archives=opener, holds_more=holds_more)
        assert {path.name for path in Path(folder).iterdir()} == {"mail", "scratch"}
        examined = []
        for part in parsed.parts:
            if part.decision in CARRIES_DOCUMENT and part.sha256:
                path = scratch / part.sha256
                locked = part.type in SAY_THEMSELVES and _locked(path, part.type)
                facts = FileFacts(
                    part.sha256, part.size, part.type, encrypted=locked, active=contradictions(path, part.type)
                )
                examined.append(Examined(part, facts, NO_VIRUS))
    case = Case(parsed, raw("thư"), tuple(examined), (), (), CONTENT)
    return parsed, [finding for rule in RULES if rule.key in OF_FILES for finding in rule.check(case)]


def _locked(path: Path, media_type: str) -> bool:
    try:
        return read_text(path, media_type, ocr=False).encrypted
    except Exception:  # noqa: BLE001  a file made only to look like one cannot be read
        return False


def attached(name: str, content: bytes) -> str:
    """A part whose name may hold anything (RFC 2231)."""
    given = f"; filename*=UTF-8''{quote(name.encode(), safe='')}" if name else ""
    head = f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment{given}"
    return f"{head}\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded(content)}"


def strict(findings: list[Finding]) -> set[str]:
    return {finding.rule for finding in findings if finding.outcome in STRICT}


@pytest.mark.parametrize("limits", [None, LIMITS], ids=["archives-refused", "archives-opened"])
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.family}-{attack.name}")
def test_every_attack_is_kept_out(attack: Attack, limits: ArchiveLimits | None) -> None:
    _, findings = judged({attack.file_name: attack.make()}, limits)
    assert strict(findings) & attack.expect, findings


@pytest.mark.parametrize("attack", encrypted.ATTACKS, ids=lambda attack: attack.name)
def test_what_is_encrypted_is_held_and_not_refused(attack: Attack) -> None:
    _, findings = judged({attack.file_name: attack.make()})
    assert {finding.outcome for finding in findings if finding.outcome in STRICT} == {Outcome.HOLD}
    assert {finding.rule for finding in findings if finding.outcome is Outcome.HOLD} == {"readable"}
    assert {finding.file for finding in findings} == {attack.file_name}


@pytest.mark.parametrize("clean", clean_formats.CLEAN, ids=lambda clean: clean.name)
def test_no_ordinary_file_is_kept_out(clean: Clean) -> None:
    _, findings = judged({clean.file_name: clean.make()})
    assert strict(findings) == set(), findings


def test_the_files_of_a_map_are_taken_together() -> None:
    _, findings = judged(clean_formats.map_files(1))
    assert findings == []


def test_there_are_enough_of_both() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 150
    assert len({clean.name for clean in clean_formats.CLEAN}) == len(clean_formats.CLEAN) >= 60


def test_the_files_of_an_archive_are_judged_as_if_they_were_attached() -> None:
    inside = {"Công văn/Quyết định 955.pdf": decision_pdf(), "Phụ lục.exe": types.program(), "__MACOSX/._a.pdf": DOUBLE}
    parsed, findings = judged({"Hồ sơ.zip": zipped(inside)}, LIMITS)
    named = {part.path: (part.name, part.decision.value) for part in parsed.parts}
    assert named["2"] == ("Hồ sơ.zip", "container")
    assert named["2.1"] == ("Quyết định 955.pdf", "document")
    assert named["2.2"] == ("Phụ lục.exe", "document")
    assert named["2.3"] == ("._a.pdf", "ignored")
    assert [(finding.rule, finding.file) for finding in findings] == [("allowed_format", "Phụ lục.exe")]


def test_an_honest_archive_is_taken_where_archives_are_opened() -> None:
    content = {"Quyết định 955.pdf": decision_pdf(), "Phụ lục.zip": zipped({"bảng.csv": b"a,b\r\n1,2\r\n"})}
    for packed, name in ((zipped(content), "Hồ sơ.zip"), (tarred(content, mode="w:gz"), "Hồ sơ.tar.gz")):
        parsed, findings = judged({name: packed}, LIMITS)
        assert strict(findings) == set()
        assert "bảng.csv" in [part.name for part in parsed.parts]


def test_where_archives_are_not_opened_the_reason_says_what_to_do() -> None:
    _, (finding,) = judged({"Hồ sơ.zip": zipped({"a.txt": b"a"})})
    assert (finding.rule, finding.outcome) == ("allowed_format", Outcome.REFUSE)
    assert "giải nén" in finding.remedy


def test_a_limit_that_is_met_is_named() -> None:
    limits = ArchiveLimits(max_depth=2, max_members=3, max_unpacked=1_000, max_ratio=100)
    for content, told in (
        (zipped({f"{number}.txt": b"a" for number in range(4)}), "quá 3 tệp"),
        (zipped({"a.txt": bytes(1_001)}), "giải nén ra quá"),
        (zipped({"1.zip": zipped({"2.zip": zipped({"a.txt": b"a"})})}), "lồng quá 2 lớp"),
    ):
        parsed, findings = judged({"Hồ sơ.zip": content}, limits)
        assert any(told in finding.text for finding in findings if finding.rule == "readable"), findings
        assert any(told in problem for problem in parsed.problems)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (raw_name_zip("Công văn.txt".encode(), b"van ban"), "Công văn.txt"),
        (raw_name_zip("Số liệu.txt".encode("cp1258", "ignore"), b"van ban"), None),
        (raw_name_zip(b"C_ng v_n.txt", b"a", extra=unicode_path(b"C_ng v_n.txt", "Công văn.txt")), "Công văn.txt"),
        (raw_name_zip(b"a.txt", b"a", extra=unicode_path(b"b.txt", "Công văn.txt")), "a.txt"),
    ],
)
def test_names_in_archives_are_read_whatever_they_are_written_in(content: bytes, name: str | None) -> None:
    parsed, _ = judged({"Hồ sơ.zip": content}, LIMITS)
    (member,) = (part for part in parsed.parts if part.path == "2.1")
    assert member.name == name or (name is None and member.name.endswith(".txt"))
