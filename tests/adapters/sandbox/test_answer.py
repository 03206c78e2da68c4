"""A worker taken over by a hostile file cannot make the daemon run its code, change its classes or fill its memory."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.sandbox.answer import MOST_VALUES, UnreadableAnswer, read_answer, write_answer
from gateway.adapters.sandbox.isolation import Isolation, Network
from gateway.errors import SandboxFailure
from gateway.model.facts import FileFacts, Marks, ScanVerdict, Secrecy
from gateway.model.header import HeaderFields
from gateway.model.page import TextEncoding

FACTS = "gateway.model.facts"
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.dates()
    | st.datetimes(timezones=st.none() | st.just(UTC))
    | st.timedeltas()
    | st.sampled_from(TextEncoding),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text(st.characters()) | st.integers(), inner)
        | st.frozensets(st.text(st.characters()))
        | st.sets(st.integers())
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_plain_values_come_through(value: object) -> None:
    assert read_answer(write_answer("done", value)) == ("done", value)


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, 2.5, b"x", "ặ", "\udcff", True], "b": (set("x"), frozenset("y"))},
        [date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), timedelta(1)],
        Path("/tmp/x"),
        FileFacts("0" * 64, 1, "application/pdf", marks=Marks(Secrecy.MAT), header=HeaderFields(number="07")),
        Isolation(Network.FILTER, 7),
        TextEncoding.TCVN3,
    ],
    ids=["containers", "times", "path", "facts", "isolation", "member"],
)
def test_records_come_through_as_such(value: object) -> None:
    kind, found = read_answer(write_answer("done", value))
    assert (kind, found, type(found)) == ("done", value, type(value))


@dataclass
class Foreign:
    value: int


@pytest.mark.parametrize(
    "value",
    [SandboxFailure("x"), object(), FileFacts, os.system, 1j, type("Text", (str,), {})("x"), {1: object()}],
    ids=["exception", "object", "class", "function", "complex", "subclass", "within"],
)
def test_a_worker_sends_nothing_else(value: object) -> None:
    with pytest.raises(TypeError):
        write_answer("done", value)


@pytest.mark.parametrize(
    "value",
    [
        ["record", "os", "system", "false"],
        ["record", __name__, "Foreign", 1],
        ["record", FACTS, "Scan", "clean"],
        ["record", FACTS, "Scan", *["clean"] * 50],
        ["record", FACTS, "ScanVerdict", "clean"],
        ["record", FACTS, "dataclass", 1],
        ["record", FACTS, "Scan.__init__", 1],
        ["record", "gateway.adapters.sandbox.pool", "Sandbox", 1],
        ["record", "gateway.workers", "SandboxedParser", 1],
        ["record", "gateway.model.nowhere", "Scan", 1],
        ["member", FACTS, "TextEncoding", "mro"],
        ["member", FACTS, "TextEncoding", "__class__"],
        ["member", FACTS, "Scan", "verdict"],
        ["member", "socket", "AddressFamily", "AF_INET"],
        ["call", "os.system", "false"],
        ["bytes", "?"],
        ["bytes"],
        ["dict", 1],
        ["dict", ["list"], 1],
        ["set", ["list"]],
        ["date", "yesterday"],
        ["timedelta", 10**12, 0, 0],
        [],
        [1],
        [["list"]],
        {"a": 1},
        ["list", {}],
    ],
    ids=str,
)
def test_what_is_not_made_of_those_is_refused(value: object) -> None:
    with pytest.raises(UnreadableAnswer):
        read_answer(json.dumps(["done", value]).encode())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"\xff\xfe",
        b'"done"',
        b'["done"]',
        b'["done",1,2]',
        b"[1,2]",
        b'["done",1]x',
        b'["done",' + b"[" * 100_000,
        b'["done",["list"' + b',["list"' * 5_000 + b"]" * 5_000 + b"]]",
        b'["done",' + b"9" * 100_000 + b"]",
        b'["done",[' + b"[]," * MOST_VALUES + b"1]]",
    ],
    ids=[
        "nothing",
        "no-json",
        "no-text",
        "no-list",
        "no-value",
        "too-much",
        "no-kind",
        "more-after",
        "deep",
        "deep-and-whole",
        "long-number",
        "many",
    ],
)
def test_what_is_no_answer_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        read_answer(content)


def test_reading_an_answer_changes_no_class() -> None:
    before = dict(vars(FileFacts)), dict(vars(ScanVerdict.CLEAN))
    read_answer(write_answer("done", [FileFacts("0" * 64, 1, "x"), ScanVerdict.CLEAN]))
    assert (dict(vars(FileFacts)), dict(vars(ScanVerdict.CLEAN))) == before
