"""`/f/<token>`: the files of one document for one person, while the link lives."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gateway.clock import Clock
from gateway.errors import TemporaryError
from gateway.model.facts import ScanVerdict
from gateway.model.tracking import PersonalFiles
from gateway.ports import Blobs, Counter, TrackingQueries
from gateway.web.download import download
from gateway.web.page import Pages
from gateway.web.refusal import EXPIRED, INFECTED, NOT_FOUND, NOT_SCANNED, UNSCANNABLE, Refused
from gateway.web.token import token_of

_POSITION = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


class Files:
    """The page and the files. Both raise Refused; only what may be sent by mail, too, leaves here."""

    def __init__(self, pages: Pages, queries: TrackingQueries, counter: Counter, blobs: Blobs, clock: Clock) -> None:
        self._pages = pages
        self._queries = queries
        self._counter = counter
        self._blobs = blobs
        self._clock = clock

    async def show(self, request: Request) -> Response:
        """The page with the names."""
        return HTMLResponse(self._pages.files(await self._opened(request), token_of(request)))

    async def fetch(self, request: Request) -> Response:
        """One file by its position, from 1; raises KeyError or DamagedBlob where its bytes are not there."""
        document = (await self._opened(request)).document
        position = request.path_params["position"]
        if not _POSITION.fullmatch(position) or int(position) > len(document.files):
            raise Refused(NOT_FOUND)
        file = document.files[int(position) - 1]
        try:
            verdict = await self._counter.kept_back(file.sha256, document)
        except TemporaryError as error:
            raise Refused(NOT_SCANNED) from error
        if verdict is not None:
            raise Refused(INFECTED if verdict is ScanVerdict.INFECTED else UNSCANNABLE)
        return await download(self._blobs, file, int(position))

    async def _opened(self, request: Request) -> PersonalFiles:
        files = await self._queries.files_of(token_of(request))
        if files is None:
            raise Refused(NOT_FOUND)
        if self._clock.now() >= files.expires_at:
            raise Refused(EXPIRED)
        return files
