"""Replies of every mail program we know to one of our notices, whose text is full of commands."""

from __future__ import annotations

import functools

import pytest

from gateway.model.part import Authored
from tests.adapters.mime.authored.mails import HINTS, notice
from tests.adapters.mime.mails import take
from tests.replies import CLIENTS, FORWARDING, MARKING, reply

WRITTEN = "Đồng ý.\nChủ trì: Phòng Quản lý vận tải\nHạn: 15/12/2026"
# What a program does by itself is one of these two, to the byte.
ALTERNATIVES = [pytest.param(True, id="html"), pytest.param(False, id="plain")]

languages = pytest.mark.parametrize("language", ["vi", "en"])
alternatives = pytest.mark.parametrize("html", ALTERNATIVES)


def found(client: str, text: str, *, to: bytes | None = None, **options: object) -> Authored:
    raw = reply(client, to=to or notice(*HINTS), text=text, author="Lãnh đạo <a@b.example>", **options)  # type: ignore[arg-type]
    return take(raw).mail.authored


@languages
@alternatives
@pytest.mark.parametrize("client", CLIENTS)
def test_what_stands_above_the_quote_is_new_and_certain(client: str, language: str, html: bool | None) -> None:
    assert found(client, WRITTEN, language=language, html=html) == Authored(WRITTEN, quotes=True)


@languages
@alternatives
@pytest.mark.parametrize("client", CLIENTS)
def test_an_answer_to_a_notice_without_html_is_read_alike(client: str, language: str, html: bool | None) -> None:
    to = notice(*HINTS, rich=False)
    assert found(client, WRITTEN, to=to, language=language, html=html) == Authored(WRITTEN, quotes=True)


@languages
@alternatives
@pytest.mark.parametrize("client", MARKING)
def test_what_stands_below_a_marked_quote_is_new(client: str, language: str, html: bool | None) -> None:
    assert found(client, WRITTEN, language=language, html=html, position="bottom") == Authored(WRITTEN, quotes=True)


@languages
@alternatives
@pytest.mark.parametrize("client", [client for client in CLIENTS if client not in MARKING])
def test_below_a_quote_without_marks_nothing_is_certain(client: str, language: str, html: bool | None) -> None:
    new = found(client, WRITTEN, language=language, html=html, position="bottom")
    assert (new.text, new.certain, new.quotes) == ("", False, True)
    assert new.doubt


@languages
@alternatives
@pytest.mark.parametrize("client", CLIENTS)
def test_a_reply_with_nothing_new_gives_nothing(client: str, language: str, html: bool | None) -> None:
    new = found(client, "", language=language, html=html)
    assert (new.text, new.quotes) == ("", True)
    assert new.certain or client not in MARKING


@languages
@alternatives
@pytest.mark.parametrize("client", FORWARDING)
@pytest.mark.parametrize("text", [WRITTEN, ""], ids=["with words", "without"])
def test_a_mail_passed_on_is_known_as_one(client: str, language: str, html: bool | None, text: str) -> None:
    new = found(client, text, language=language, html=html, forwards=True)
    assert new == Authored(text, quotes=True, forwarded=True)


@functools.cache
def answer(client: str, position: str = "top") -> bytes:
    """The answer that is answered once more."""
    text, author = "Duyệt\nHạn: 01/12/2026", "Trưởng phòng <tp@b.example>"
    return reply(client, to=notice(*HINTS), text=text, author=author, position=position)


@languages
@pytest.mark.parametrize("outer", CLIENTS)
@pytest.mark.parametrize("inner", ["outlook", "gmail", "apple", "thunderbird", "unknown"])
def test_the_answer_to_an_answer_holds_nothing_of_the_first(outer: str, inner: str, language: str) -> None:
    new = found(outer, WRITTEN, to=answer(inner), language=language)
    assert new == Authored(WRITTEN, quotes=True)


@pytest.mark.parametrize("outer", CLIENTS)
@pytest.mark.parametrize("inner", ["outlook", "gmail", "apple", "thunderbird", "unknown"])
@pytest.mark.parametrize("position", ["top", "bottom"])
def test_an_empty_answer_to_an_answer_gives_nothing(outer: str, inner: str, position: str) -> None:
    assert found(outer, "", to=answer(inner, position)).text == ""
