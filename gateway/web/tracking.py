"""`/t/<token>`: the sender's page, or that of the receiver of a forwarding, with its form."""

from __future__ import annotations

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from gateway.clock import Clock
from gateway.model.docket import Forwarding
from gateway.model.tracking import TrackedDocument
from gateway.ports import Counter, TrackingQueries
from gateway.web.form import is_foreign, read_form
from gateway.web.guard import policy
from gateway.web.pace import Pace
from gateway.web.page import Pages, is_recalled, may_be_acknowledged
from gateway.web.refusal import FOREIGN, NOT_FOUND, TAKEN_BACK, TOO_OFTEN, Refused
from gateway.web.token import token_of
from gateway.web.visitor import by_person

log = structlog.get_logger(__name__)


class Tracking:
    """Both pages and what the form does. All raise Refused."""

    def __init__(self, pages: Pages, queries: TrackingQueries, counter: Counter, clock: Clock) -> None:
        self._pages = pages
        self._queries = queries
        self._counter = counter
        self._clock = clock
        self._pace = Pace()
        self._with_form = {"Content-Security-Policy": policy(pages.style_hash, form_action="'self'")}

    async def show(self, request: Request) -> Response:
        """GET and HEAD."""
        tracked = await self._tracked(request)
        if tracked.forwarding is None:
            return HTMLResponse(self._pages.tracking(tracked, self._clock.now()))
        await self._note_visit(request, tracked.forwarding)
        headers = self._with_form if may_be_acknowledged(tracked) else None
        return HTMLResponse(self._pages.forwarding(tracked, self._clock.now()), headers=headers)

    async def acknowledge(self, request: Request) -> Response:
        """The form; after it the browser is sent back to the page."""
        tracked = await self._tracked(request)
        if tracked.forwarding is None:
            raise Refused(NOT_FOUND)
        token, now = tracked.forwarding.token, self._clock.now()
        if not self._pace.admits(token, now):
            raise Refused(TOO_OFTEN)
        if is_foreign(request.headers):
            raise Refused(FOREIGN)
        if is_recalled(tracked):
            raise Refused(TAKEN_BACK)
        form = await read_form(request)
        if form.faults and may_be_acknowledged(tracked):
            return HTMLResponse(self._pages.forwarding(tracked, now, form), 422, self._with_form)
        if not form.faults and not await self._counter.acknowledge(token, form.name):
            raise Refused(NOT_FOUND)
        return RedirectResponse(f"/t/{token}", 303)

    async def _note_visit(self, request: Request, forwarding: Forwarding) -> None:
        """The reader is shown the page, whatever becomes of the note."""
        try:
            await self._counter.seen(forwarding.token, by_person=by_person(request.method, request.headers))
        except Exception:
            log.exception("web.visit_not_noted")

    async def _tracked(self, request: Request) -> TrackedDocument:
        tracked = await self._queries.by_token(token_of(request))
        if tracked is None:
            raise Refused(NOT_FOUND)
        return tracked
