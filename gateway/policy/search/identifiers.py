"""Numbers of documents as people write them: `955`, `955/QĐ`, `955QĐ-SGTVT`, `955/2017/QĐ-UBND`, `12/2026`."""

from __future__ import annotations

import re

from gateway.model.search import Identifier
from gateway.model.searchable import identifier_keys, number_key

_FIGURES = r"(?P<number>[0-9]{1,6}[a-zđ]?)"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_LETTERS = r"[^\W\d_][^\W_]{0,23}"
_NOTATION = rf"(?P<notation>{_LETTERS}(?:[-–/.&]{_LETTERS}|[-–/.&]\d{{1,3}})*)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_FIGURES}",
        rf"{_FIGURES}[/\-–]{_YEAR}",
        rf"{_FIGURES}[/\-–](?:{_YEAR}[/\-–])?{_NOTATION}",
        rf"(?P<number>[0-9]{{1,6}})(?=[^\W\d_]{{2}}){_NOTATION}",
    )
)
_BARE_FIGURES = re.compile("[0-9]{1,6}")


def identifier_in(written: str) -> Identifier | None:
    """What a number without blanks stands for, None where it is none."""
    for form in _FORMS:
        found = form.fullmatch(written)
        if found:
            return _identifier(found.groupdict())
    return None


def _identifier(parts: dict[str, str | None]) -> Identifier:
    figures, notation, year = parts["number"] or "", parts.get("notation"), parts.get("year")
    may_be_arrival = notation is None and _BARE_FIGURES.fullmatch(figures)
    return Identifier(
        number=number_key(figures),
        notation=identifier_keys(None, notation)[1],
        year=int(year) if year else None,
        arrival=int(figures) if may_be_arrival else None,
    )
