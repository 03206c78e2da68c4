"""Messages of exchange are containers: opened by content, held where they cannot be, and no cover for anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.adapters.edxml import read_exchange
from gateway.adapters.filetype import sniff
from gateway.adapters.mime import parse_mail
from gateway.model.part import ParsedMail, PartDecision
from tests.edxml import exchange
from tests.mails import mail, page_one

MESSAGE = exchange(("bc.txt", page_one(7)), ("pl.txt", b"Bieu so"), subject="MẬT: kế hoạch")
TYPE = "application/edxml+xml"


def taken(folder: Path, *files: tuple[str, bytes]) -> ParsedMail:
    raw, scratch = folder / "raw", folder / "parts"
    scratch.mkdir()
    raw.write_bytes(mail(*files))
    return parse_mail(raw, scratch, sniff, read_exchange=read_exchange)


@pytest.mark.parametrize(("name", "before"), [("a.edxml", b""), ("a.xml", b""), ("van ban", b""), ("a.EDXML", b"12\n")])
def test_its_files_are_parts_and_its_subject_is_read_for_marks(tmp_path: Path, name: str, before: bytes) -> None:
    found = taken(tmp_path, (name, before + MESSAGE))
    assert [(part.path, part.type, part.decision) for part in found.parts[2:]] == [
        ("2", TYPE, PartDecision.CONTAINER),
        ("2.1", "text/plain", PartDecision.DOCUMENT),
        ("2.2", "text/plain", PartDecision.DOCUMENT),
    ]
    (message,) = found.exchanges
    assert (message.path, message.identifier) == ("2", "7/BC-STD")
    assert "MẬT: kế hoạch" in found.attached_subjects
    assert (found.incomplete, len(found.problems)) == (False, len(before[:1]))


def test_behind_the_name_of_another_format_it_is_not_opened(tmp_path: Path) -> None:
    found = taken(tmp_path, ("a.doc", MESSAGE))
    assert (found.parts[2].type, found.parts[2].decision, found.exchanges) == (TYPE, PartDecision.DOCUMENT, ())


def test_an_unreadable_one_stays_a_file_that_is_held_and_a_lost_file_makes_the_mail_incomplete(
    tmp_path: Path,
) -> None:
    damaged = MESSAGE.replace(b"<AttachmentEncoded><Attachment>", b"<AttachmentEncoded><Attachment><ContentId>x", 1)
    found = taken(tmp_path, ("a.edxml", damaged), ("b.edxml", exchange(("c.pdf", b""))))
    assert found.parts[2].type == f"{TYPE}; unopened=yes"
    assert found.parts[2].decision is PartDecision.DOCUMENT
    assert found.incomplete
    assert any("“c.pdf”" in problem for problem in found.problems)
