"""What is done about content that could run, as a table by its kind (Điều 8 khoản 1 điểm a)."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway.model.facts import ActiveKind
from gateway.model.finding import Outcome

_KEYS = frozenset({"kind", "outcome", "found", "mend"})
_FACTS = frozenset({"place", "detail"})
_OUTCOMES = {
    "allow": Outcome.OK,
    "warn": Outcome.WARN,
    "hold": Outcome.HOLD,
    "refuse": Outcome.REFUSE,
}


@dataclass(frozen=True, slots=True)
class ActiveRow:
    """A row of the table. `found` (Vietnamese) may use {place} and {detail}; `mend` tells the sender what to do."""

    kind: ActiveKind
    outcome: Outcome
    found: str
    mend: str


@dataclass(frozen=True, slots=True)
class ActiveTable:
    """A row for each kind of content that could run."""

    rows: Mapping[ActiveKind, ActiveRow]

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, object]]) -> ActiveTable:
        """Build from the rows of active.toml; raises ValueError, in Vietnamese, naming the row and key at fault."""
        table: dict[ActiveKind, ActiveRow] = {}
        for place, given in enumerate(rows, 1):
            row = _row(given, f"content[{place}]")
            if row.kind in table:
                raise ValueError(f"content[{place}].kind: {row.kind} đã có ở một dòng trước")
            table[row.kind] = row
        if missing := [kind.value for kind in ActiveKind if kind not in table]:
            raise ValueError(f"bảng nội dung tự chạy thiếu dòng cho kind: {', '.join(missing)}")
        return cls(table)

    def row_for(self, kind: ActiveKind) -> ActiveRow:
        """The row of a kind."""
        return self.rows[kind]


def _row(given: Mapping[str, object], place: str) -> ActiveRow:
    if wrong := ", ".join(sorted(set(given) ^ _KEYS)):
        raise ValueError(f"{place}: phải có đúng các khóa {', '.join(sorted(_KEYS))}; sai ở {wrong}")
    texts = {key: value for key, value in given.items() if isinstance(value, str) and value}
    for key in sorted(_KEYS - set(texts)):
        raise ValueError(f"{place}.{key}: phải là chữ, không để trống")
    if texts["kind"] not in set(ActiveKind):
        raise ValueError(f"{place}.kind: không có loại “{texts['kind']}”; ghi một trong: {', '.join(ActiveKind)}")
    if texts["outcome"] not in _OUTCOMES:
        raise ValueError(f"{place}.outcome: ghi một trong: {', '.join(_OUTCOMES)}")
    for key in ("found", "mend"):
        _check_facts(texts[key], f"{place}.{key}", _FACTS if key == "found" else frozenset())
    return ActiveRow(ActiveKind(texts["kind"]), _OUTCOMES[texts["outcome"]], texts["found"], texts["mend"])


def _check_facts(text: str, place: str, allowed: frozenset[str]) -> None:
    names = ", ".join(f"{{{name}}}" for name in sorted(allowed))
    told = f"trong ngoặc nhọn chỉ được ghi {names}" if names else "không được có ngoặc nhọn"
    try:
        pieces = list(string.Formatter().parse(text))
    except ValueError:
        raise ValueError(f"{place}: dấu ngoặc nhọn không thành cặp") from None
    for _, name, layout, conversion in pieces:
        if name is not None and (name not in allowed or layout or conversion):
            raise ValueError(f"{place}: {told}")
