"""A document's fields, as page 1 and all other sources together give them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from gateway.model.header import Evidence, HeaderFields
from gateway.policy.sources.claim import FIELDS, Claim, Disagreement
from gateway.policy.sources.same import same

_DISPUTED = 0.7
"""How sure a reading is at most that another source contradicts: the clerk is asked."""
_WORTH_CONFIRMING = 0.45
_IDENTIFIER = ("number", "notation")


def weigh(header: HeaderFields, claims: Iterable[Claim]) -> tuple[HeaderFields, tuple[Disagreement, ...]]:
    """The fields with what the claims fill, confirm and dispute, and each dispute once; page 1 is never overruled.

    A claim is heard on the fields as the claims before it left them, so the weightiest come first.
    """
    disputed: set[str] = set()
    found: list[Disagreement] = []
    for claim in claims:
        against = [name for name, value in claim.values.items() if _disputes(header, claim, name, value)]
        header = _confirmed(_filled(header, claim, against), claim)
        disputed.update(against)
        found.extend(_disagreements(header, claim, against))
    doubted = {name: min(header.confidence.get(name, 0.0), _DISPUTED) for name in disputed}
    return replace(header, confidence={**header.confidence, **doubted}), tuple(dict.fromkeys(found))


def _disputes(header: HeaderFields, claim: Claim, name: str, value: str | date) -> bool:
    mine = getattr(header, name)
    return mine is not None and name in claim.disputes and same(name, mine, value) is False


def _filled(header: HeaderFields, claim: Claim, against: list[str]) -> HeaderFields:
    """Number and notation belong together: half of another identifier fills no gap."""
    gaps = {
        name: value
        for name, value in claim.values.items()
        if name in claim.fills
        and getattr(header, name) is None
        and not (name in _IDENTIFIER and set(against) & set(_IDENTIFIER))
    }
    if not gaps:
        return header
    origin = Evidence(claim.source, claim.text[:300], file=claim.file)
    return replace(
        header,
        **gaps,  # type: ignore[arg-type]  # the values of a claim have the types of their fields
        confidence={**header.confidence, **{name: claim.fills[name] for name in gaps}},
        evidence={**header.evidence, **dict.fromkeys(gaps, origin)},
    )


def _confirmed(header: HeaderFields, claim: Claim) -> HeaderFields:
    """Readings that the claim shares; a mere guess stays one, and what the claim itself filled is no second source."""
    surer: dict[str, float] = {}
    for name, value in claim.values.items():
        mine, sure = getattr(header, name), header.confidence.get(name, 0.0)
        origin = header.evidence.get(name)
        own = origin is not None and origin.source is claim.source and origin.file == claim.file
        if name not in claim.agreed or mine is None or own or sure < _WORTH_CONFIRMING:
            continue
        if same(name, mine, value):
            surer[name] = max(sure, claim.agreed[name])
    return replace(header, confidence={**header.confidence, **surer}) if surer else header


def _disagreements(header: HeaderFields, claim: Claim, against: list[str]) -> Iterable[Disagreement]:
    if set(against) & set(_IDENTIFIER):
        read = header.identifier or header.number or header.notation or ""
        other = "/".join(str(claim.values[name]) for name in _IDENTIFIER if name in claim.values)
        yield Disagreement("số, ký hiệu", read, claim.called, other)
    for name in against:
        if name not in _IDENTIFIER:
            yield Disagreement(FIELDS[name], _shown(getattr(header, name)), claim.called, _shown(claim.values[name]))


def _shown(value: str | date) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value[:300]
