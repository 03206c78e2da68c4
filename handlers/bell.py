"""How the loop hears that there may be work."""

from __future__ import annotations

import asyncio


class Bell:
    """Rung by whoever puts work into the database. `rings` lets the loop tell new work from a place that fell free."""

    def __init__(self) -> None:
        self.rings = 0
        self._heard = asyncio.Event()

    def ring(self) -> None:
        """There is something new to claim."""
        self.rings += 1
        self._heard.set()

    def nudge(self) -> None:
        """Turn once more: a place fell free, or it is time to stop."""
        self._heard.set()

    def rest(self) -> None:
        """Forget what was heard so far."""
        self._heard.clear()

    @property
    def is_heard(self) -> bool:
        """Whether it was rung or nudged since the last `rest`."""
        return self._heard.is_set()

    async def wait(self, seconds: float) -> bool:
        """Until heard, at most so long; False where nothing was heard."""
        try:
            await asyncio.wait_for(self._heard.wait(), seconds)
        except TimeoutError:
            return False
        return True
