"""The ways an attempt ends without a word of the relay about the mail. Every text is Vietnamese and holds no secret."""

from __future__ import annotations


class UndeliverableError(Exception):
    """This mail can never go this way: no address, or the relay cannot carry it. Starts with a status (RFC 3463)."""


class NotReadyError(Exception):
    """No usable connection; the text holds nothing that the relay said about our login."""


class BrokenError(Exception):
    """The connection can no longer be trusted: no answer in time, or an answer that makes no sense."""


class LostError(BrokenError):
    """The connection ended."""


class StaleError(Exception):
    """A kept connection was found dead before DATA: nothing of the mail was handed over."""
