"""The token in an address."""

from __future__ import annotations

import re

from starlette.requests import Request

from gateway.web.refusal import NOT_FOUND, Refused

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}", re.ASCII)
"""What may be a token; at least 120 bits in base64url or base32. Anything else is not asked of the store."""


def token_of(request: Request) -> str:
    """What stands in the path; raises Refused where it cannot be a token."""
    token = str(request.path_params["token"])
    if not TOKEN.fullmatch(token):
        raise Refused(NOT_FOUND)
    return token
