"""Readers over the project's own table of document types."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.model.header import HeaderFields
from gateway.model.page import Line, Page
from gateway.policy.header import DocumentTypes, read_header

TABLE = Path(__file__).parents[3] / "config" / "policy" / "document_types.toml"


@pytest.fixture(scope="session")
def types() -> DocumentTypes:
    return DocumentTypes.from_rows(tomllib.loads(TABLE.read_text(encoding="utf-8"))["type"])


@pytest.fixture(scope="session")
def read(types: DocumentTypes) -> Callable[[str], HeaderFields]:
    """Reads a text as page 1 without positions."""

    def read_text(text: str) -> HeaderFields:
        return read_header([Page(1, tuple(Line(line) for line in text.split("\n")))], types)

    return read_text
