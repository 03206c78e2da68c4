"""Whose seal a signature stands for, also where its certificate does not say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.model.signature import Signature
from gateway.policy.header.text import clean, fold, squeeze

_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class SealOwner:
    """A row of `signatures.seals`: the CN or the serial number (hexadecimal) of a certificate, and the code of the
    agency in the directory whose seal it is.
    """

    certificate: str
    agency: str


def code_of(signature: Signature, owners: Sequence[SealOwner]) -> str | None:
    """The code of the agency that the configuration gives this certificate to, None where it gives it to none."""
    name, serial = _name(signature.signer), _serial(signature.chain[0].serial) if signature.chain else ""
    for owner in owners:
        if _name(owner.certificate) == name or (serial and _serial(owner.certificate) == serial):
            return owner.agency
    return None


def _name(text: str) -> str:
    return squeeze(fold(clean(text)))


def _serial(text: str) -> str:
    """Small hexadecimal digits without leading zeros; empty where it is no number."""
    digits = text.lower().replace(":", "").replace(" ", "").removeprefix("0x")
    return digits.lstrip("0") if digits and set(digits) <= _HEX else ""
