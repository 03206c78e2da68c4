"""What holds for any lines: no quoted line is new, and no new line is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.adapters.mime.authored.line import tidy
from gateway.adapters.mime.authored.markup import lines_of_html
from gateway.adapters.mime.authored.plain import lines_of_text
from gateway.adapters.mime.authored.separate import separate
from tests.adapters.mime.authored.mails import HINTS, authored, notice
from tests.adapters.mime.mails import take
from tests.replies import CLIENTS, reply

LETTERS = "abcdeghiklmnopqrstuvxyđăâêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
words = st.text(LETTERS, min_size=1, max_size=8)
sentences = st.lists(words, min_size=1, max_size=9).map(lambda found: f"Ý kiến {' '.join(found)}.")
commands = st.one_of(
    st.sampled_from(["Duyệt", "Đồng ý", "Không duyệt", "Tiếp nhận", "Xong"]),
    words.map(lambda unit: f"Chủ trì: Phòng {unit}"),
    st.dates().map(lambda day: f"Hạn: {day:%d/%m/%Y}"),
    sentences,
)
MARK = "XZ9"
quoted = st.lists(commands.map(lambda line: f"{line} {MARK}"), min_size=1, max_size=5)
bounded = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one).split() == unicodedata.normalize("NFC", other).split()


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("position", ["top", "bottom"])
@bounded
@given(new=st.lists(commands, max_size=4), old=quoted, language=st.sampled_from(["vi", "en"]), data=st.data())
def test_no_quoted_line_is_ever_new(
    client: str, position: str, new: list[str], old: list[str], language: str, data: st.DataObject
) -> None:
    html = data.draw(st.sampled_from([None, True, False]))
    to = notice(*old, rich=data.draw(st.booleans()))
    text = "\n".join(new)
    raw = reply(client, to=to, text=text, author="a@b.example", language=language, html=html, position=position)
    found = take(raw).mail.authored
    assert MARK not in found.text
    assert same(found.text, text) or not found.certain


@pytest.mark.parametrize("client", CLIENTS)
@bounded
@given(new=st.lists(st.one_of(commands, st.just("")), min_size=1, max_size=8).filter(any), rich=st.booleans())
def test_what_is_written_above_comes_back(client: str, new: list[str], rich: bool) -> None:
    text = "\n".join(new)
    found = take(reply(client, to=notice(*HINTS, rich=rich), text=text, author="a@b.example")).mail.authored
    assert same(found.text, text)
    assert found.certain
    assert [line for line in found.text.split("\n") if line] == [line for line in new if line]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_tidy_lines(text: str) -> None:
    found = authored(text or " ").text
    assert found == tidy(found).strip("\n ")
    assert found.splitlines() == [line for line in found.split("\n") if found]


@settings(deadline=None)
@given(st.lists(st.sampled_from(["<div>", "</div>", "<p>", "<blockquote type=cite>", "</blockquote>", "<td>", "<table>",
    "</table>", "<div class=gmail_quote>", "<span hidden>", "</span>", "<br>", "Duyệt", "> x", "<", "<!--", "-->",
    "On Mon, Nov 23, 2026 at 9:15 X <a@b.c> wrote:", "From: x", "-- ", "<p style='", "'>", "<hr>", "\n", " "]),
    max_size=40))  # fmt: skip
def test_any_markup_gives_lines(tokens: list[str]) -> None:
    found = separate(lines_of_html("".join(tokens)))
    assert len(found.new) <= len(found.signed) + sum(not text for text in found.new)


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters=">＞|\r\n"), max_size=20), max_size=10))
def test_marked_lines_are_quoted_however_they_are_marked(texts: list[str]) -> None:
    for mark in (">", "> ", " > ", ">> ", "> > ", "＞", "NVA> "):
        assert all(
            line.quoted
            for line in lines_of_text("\n".join(mark + tidy(text).replace("\n", " ") for text in texts or [""]))
        )
