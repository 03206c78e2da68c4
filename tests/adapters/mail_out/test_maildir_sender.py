"""Delivery into Maildirs: durable, once, and never outside the root."""

from __future__ import annotations

import mailbox
import os
from pathlib import Path

import pytest

from gateway.adapters.maildir_out import MaildirSender
from gateway.model.notice import DeliveryOutcome, DeliveryResult, Outgoing

TO = "vanthu@moduc.example"
MAIL = b"From: sgtvt@quangngai.example\r\nMessage-ID: <1@quangngai.example>\r\nSubject: x\r\n\r\nNoi dung\r\n"


@pytest.fixture
def sender(tmp_path: Path) -> MaildirSender:
    return MaildirSender(tmp_path / "out" / "mail")


async def test_a_reader_of_maildirs_finds_the_mail(sender: MaildirSender) -> None:
    assert (await sender.send(Outgoing("", TO, MAIL))).outcome is DeliveryOutcome.SENT
    (message,) = mailbox.Maildir(sender.folder(TO), create=False)
    assert message["Subject"] == "x"
    assert message["Return-Path"] == "<>"


async def test_the_content_stands_unchanged_after_the_return_path(sender: MaildirSender) -> None:
    await sender.send(Outgoing("b-7@quangngai.example", TO, MAIL))
    (file,) = (sender.folder(TO) / "new").iterdir()
    assert file.read_bytes() == b"Return-Path: <b-7@quangngai.example>\r\n" + MAIL
    assert not list((sender.folder(TO) / "tmp").iterdir())


async def test_a_repeat_replaces_and_other_mail_does_not(sender: MaildirSender) -> None:
    for content in (MAIL, MAIL, MAIL.replace(b"<1@", b"<2@"), b"no id\r\n\r\none", b"no id\r\n\r\ntwo"):
        await sender.send(Outgoing("", TO, content))
    assert len(list((sender.folder(TO) / "new").iterdir())) == 4


async def test_a_repeat_of_a_mail_already_read_changes_nothing(sender: MaildirSender) -> None:
    await sender.send(Outgoing("", TO, MAIL))
    (file,) = (sender.folder(TO) / "new").iterdir()
    file.rename(sender.folder(TO) / "cur" / f"{file.name}:2,S")
    assert (await sender.send(Outgoing("", TO, MAIL))).outcome is DeliveryOutcome.SENT
    assert not list((sender.folder(TO) / "new").iterdir())


async def test_each_recipient_has_a_folder_of_their_own(sender: MaildirSender) -> None:
    for recipient in (TO, TO.upper(), "vănthư@moduc.example"):
        await sender.send(Outgoing("", recipient, MAIL))
    assert sender.folder(TO) == sender.folder(TO.upper())
    assert len(list(sender.folder(TO).parent.iterdir())) == 2


@pytest.mark.parametrize(
    "recipient", ["../../x@y", "/etc/x@y", ".", "..", ".hidden@y", "a/b@c", "x" * 5000 + "@y", "ạ" * 300]
)
async def test_no_name_leaves_the_root(sender: MaildirSender, recipient: str) -> None:
    root = sender.folder(TO).parent
    folder = sender.folder(recipient)
    assert folder.parent == root
    assert not folder.name.startswith(".")
    assert (await sender.send(Outgoing("", recipient, MAIL))).outcome is DeliveryOutcome.SENT
    assert folder.resolve().parent == root.resolve()


async def test_long_names_stay_different(sender: MaildirSender) -> None:
    assert sender.folder("x" * 500 + "1@y") != sender.folder("x" * 500 + "2@y")


@pytest.mark.parametrize("address", ["a\r\nBcc: b@c", "a\0b"])
async def test_control_characters_are_no_address(sender: MaildirSender, address: str) -> None:
    assert (await sender.send(Outgoing(address, TO, MAIL))).outcome is DeliveryOutcome.PERMANENT
    assert (await sender.send(Outgoing("", address, MAIL))).outcome is DeliveryOutcome.PERMANENT


async def test_a_missing_recipient_is_final(sender: MaildirSender) -> None:
    assert (await sender.send(Outgoing("", "", MAIL))).outcome is DeliveryOutcome.PERMANENT


async def test_a_folder_that_cannot_be_written_is_temporary(sender: MaildirSender) -> None:
    folder = sender.folder(TO)
    folder.parent.mkdir(parents=True)
    folder.write_bytes(b"in the way")
    assert await sender.send(Outgoing("", TO, MAIL)) == DeliveryResult(
        DeliveryOutcome.TEMPORARY, "Không ghi được vào hộp thư (EEXIST)"
    )


async def test_the_mail_and_its_name_are_on_the_disk_before_sent_is_said(
    sender: MaildirSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File, then rename, then folder: the order in which a power cut loses nothing that was called sent."""
    await sender.send(Outgoing("", TO, MAIL.replace(b"<1@", b"<0@")))
    steps: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def seen_fsync(descriptor: int) -> None:
        steps.append("folder" if Path(f"/proc/self/fd/{descriptor}").readlink().is_dir() else "file")
        fsync(descriptor)

    def seen_rename(path: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", seen_fsync)
    monkeypatch.setattr(Path, "rename", seen_rename)
    await sender.send(Outgoing("", TO, MAIL))
    assert steps == ["file", "rename", "folder"]
