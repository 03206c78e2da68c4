"""Whether the days that were closed agree with the journal that closed them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

DAY_CLOSED = "day.closed"
"""The kind of the event by which the journal tells of a closed day, with everything that was counted."""


class ClosedDays:
    """The rows of `day_close`, to be met one after the other by the events of the journal in their order."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.count = len(rows)
        self._unmet = {row.day.isoformat(): row for row in rows}
        self._at: dict[int, list[Any]] = defaultdict(list)
        for row in rows:
            self._at[row.events].append(row)

    def fault_at(self, event: Any) -> str:
        """What contradicts this event; empty where nothing does."""
        for row in self._at.pop(event.sequence, ()):
            if row.head != event.hash:
                return f"ngày {row.day:%d/%m/%Y} đã đóng sổ với mã băm khác ở sự kiện này"
        return self._told(json.loads(event.data)) if event.kind == DAY_CLOSED else ""

    def _told(self, told: dict[str, Any]) -> str:
        row = self._unmet.pop(str(told.get("day")), None)
        if row is None:
            return "nhật ký có ngày đóng sổ mà bảng đóng sổ không có, hoặc đóng hai lần"
        if told != {"day": row.day.isoformat(), "events": row.events, "head": row.head, **row.books}:
            return f"số liệu đóng sổ ngày {row.day:%d/%m/%Y} đã bị thay đổi"
        return ""

    def fault_at_end(self, genesis: str) -> str:
        """What is left once all events were met, and should not be; `genesis` is the hash before the first one."""
        early = [row for row in self._at.pop(0, ()) if row.head != genesis]
        left = [*early, *(row for rows in self._at.values() for row in rows), *self._unmet.values()]
        return f"ngày {left[0].day:%d/%m/%Y} có trong bảng đóng sổ mà nhật ký không có" if left else ""
