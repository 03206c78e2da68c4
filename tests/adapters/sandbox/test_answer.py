"""A worker taken over by a hostile file cannot make the daemon run its code."""

import os
import pickle
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from gateway.adapters.sandbox.answer import read_answer
from gateway.adapters.sandbox.pool import Sandbox
from gateway.errors import SandboxFailure
from gateway.model.facts import FileFacts, HeaderFields, Marks, Secrecy, TextEncoding


class Call:
    """Pickles as the call of a function."""

    def __init__(self, function: Callable[..., object], *args: object) -> None:
        self._function = function
        self._args = args

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self._function, self._args


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"a": [1, 2.5, b"x", "ặ", True], "b": (set("x"), frozenset("y"))},
        [date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), timedelta(1), timezone(timedelta(hours=7))],
        Path("/tmp/x"),
        FileFacts("0" * 64, 1, "application/pdf", marks=Marks(Secrecy.MAT), header=HeaderFields(number="07")),
        TextEncoding.TCVN3,
    ],
)
def test_plain_values_and_records_come_through(value: object) -> None:
    assert read_answer(pickle.dumps(("done", value))) == ("done", value)


def test_a_member_of_an_enum_may_be_named_as_early_python_3_11_names_it() -> None:
    answer = ("done", Call(getattr, TextEncoding, "TCVN3"))
    assert read_answer(pickle.dumps(answer)) == ("done", TextEncoding.TCVN3)


@pytest.mark.parametrize(
    "value",
    [
        Call(os.system, "false"),
        Call(eval, "1"),
        Call(getattr, "x", "upper"),
        Call(getattr, TextEncoding, "mro"),
        Call(getattr, TextEncoding, "__class__"),
        Call(Sandbox, 1, 1, 1.0, 1),
        Call(read_answer, b""),
        SandboxFailure("x"),
        fields,
        object(),
    ],
)
def test_nothing_else_does(value: object) -> None:
    with pytest.raises(pickle.UnpicklingError):
        read_answer(pickle.dumps(("done", value)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"\x80\x05.",
        pickle.dumps("done"),
        pickle.dumps(("done",)),
        pickle.dumps((1, None)),
        pickle.dumps(("done", 1))[:-1],
        b"\x80\x04\x8c\x18gateway.adapters.sandbox\x8c\x09os.system\x93.",
    ],
)
def test_what_is_no_answer_is_refused(content: bytes) -> None:
    with pytest.raises(pickle.UnpicklingError):
        read_answer(content)
