"""Which parts of a mail sign others, and what each of them may sign (RFC 5652, RFC 8551, RFC 1847)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.model.part import CARRIES_DOCUMENT, ParsedMail, Part, PartDecision
from gateway.policy.case import Examined

_CMS = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pkcs7-mime"})
_SIGNED_MAIL = "multipart/signed"


def carriers(parsed: ParsedMail) -> tuple[Part, ...]:
    """The parts that are CMS signatures beside files or the mail's body, or an envelope that was opened."""
    within = _within_others(parsed)
    return tuple(part for part in _of_cms(parsed) if part.path not in within)


def unchecked(parsed: ParsedMail) -> tuple[Part, ...]:
    """The signatures of a mail inside this one, or of a piece of it: the bytes that they sign are not kept apart."""
    within = _within_others(parsed)
    return tuple(part for part in _of_cms(parsed) if part.path in within)


def signs_the_mail(carrier: Part, parsed: ParsedMail) -> bool:
    """Whether the part is the signature that multipart/signed ends with, or the mail is an envelope as a whole."""
    root = parsed.parts[0]
    signs = carrier.decision is PartDecision.SIGNATURE and root.declared_type == _SIGNED_MAIL
    return carrier.path == root.path or (signs and "." not in carrier.path)


def _of_cms(parsed: ParsedMail) -> tuple[Part, ...]:
    told = {PartDecision.SIGNATURE, PartDecision.CONTAINER}
    return tuple(
        part
        for part in parsed.parts
        if part.sha256 and part.decision in told and part.type.partition(";")[0].strip() in _CMS
    )


def _within_others(parsed: ParsedMail) -> frozenset[str]:
    """The paths of signatures that end a multipart/signed which is not the mail as a whole.

    The parts of a multipart `2` are `2.1` and so on, and so are those of an attached message, whose multipart is `2.0`.
    """
    signed = {part.path.removesuffix(".0") for part in parsed.parts[1:] if part.declared_type == _SIGNED_MAIL}
    return frozenset(
        part.path
        for part in parsed.parts
        if part.decision is PartDecision.SIGNATURE and part.path.rpartition(".")[0] in signed
    )


def may_sign(carrier: Part, parsed: ParsedMail) -> Sequence[Part]:
    """The files that a detached signature may sign, those first whose name its own name begins with."""
    if carrier.decision is PartDecision.CONTAINER:
        return ()
    files = {part.sha256: part for part in parsed.parts if part.sha256 and part.decision in CARRIES_DOCUMENT}
    own = carrier.name.casefold()
    return sorted(files.values(), key=lambda part: not (part.name and own.startswith(_stem(part.name))))


def with_signatures(file: Examined, signing: Sequence[Examined]) -> Examined:
    """The file with the signatures that stand beside or around it."""
    more = tuple(
        signature
        for carrier in signing
        for signature in carrier.facts.signatures
        if file.facts.sha256 in signature.covers
    )
    return replace(file, facts=replace(file.facts, signatures=(*file.facts.signatures, *more))) if more else file


def _stem(name: str) -> str:
    return name.casefold().rpartition(".")[0] or name.casefold()
