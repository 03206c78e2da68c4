"""The acknowledgement form as a browser posts it: small, urlencoded, from our own page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import ClientDisconnect, Request

from gateway.model import wording
from gateway.web.refusal import bad_form

MOST_BYTES = 8 * 1024
SHORTEST_NAME, LONGEST_NAME = 2, 120

_MEDIA_TYPE = "application/x-www-form-urlencoded"
_MOST_FIELDS = 8
_SECONDS_TO_SEND = 15


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What the form says: the name as typed, made harmless, and whether the box is ticked."""

    name: str = ""
    all_received: bool = False

    @property
    def faults(self) -> Mapping[str, str]:
        """What is missing, in Vietnamese, by field; empty where the form is complete."""
        found = {}
        if len(self.name) < SHORTEST_NAME:
            found["name"] = "Đề nghị ghi họ tên, chức vụ người nhận."
        elif len(self.name) > LONGEST_NAME:
            found["name"] = f"Họ tên, chức vụ dài quá {LONGEST_NAME} ký tự; đề nghị ghi ngắn lại."
        if not self.all_received:
            found["all_received"] = "Đề nghị đánh dấu xác nhận đã nhận đủ tệp."
        return found


def is_foreign(headers: Mapping[str, str]) -> bool:
    """True of a form that another site sent.

    A page with `Referrer-Policy: no-referrer` posts with `Origin: null` (Fetch Standard, "append a request Origin
    header"), which says nothing; the token in the address is then what the sender had to know.
    """
    site = headers.get("sec-fetch-site", "").lower()
    if site:
        return site not in ("same-origin", "none")
    origin = headers.get("origin", "").lower()
    if origin in ("", "null"):
        return False
    ours = {headers.get(name, "").lower() for name in ("host", "x-forwarded-host")} - {""}
    return _authority(origin) not in ours


async def read_form(request: Request) -> Acknowledgement:
    """The form in a request; raises Refused: 400 malformed, 408 too slow, 413 too large, 415 of another type."""
    media_type, _, _ = request.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != _MEDIA_TYPE:
        raise bad_form(415)
    try:
        async with asyncio.timeout(_SECONDS_TO_SEND):
            body = await _body(request)
    except TimeoutError:
        raise bad_form(408) from None
    except ClientDisconnect:
        raise bad_form(400) from None
    return parse_form(body)


def parse_form(body: bytes) -> Acknowledgement:
    """The form in urlencoded UTF-8; raises Refused. Fields that are not ours are passed over."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise bad_form(400) from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise bad_form(400)
    name = wording.one_line(fields.get("name", ""), MOST_BYTES)
    return Acknowledgement(name, fields.get("all_received") == "yes")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise bad_form(413)
    return bytes(body)


def _authority(origin: str) -> str:
    """Host and port of an origin as a Host field has them; empty for what is no origin."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
