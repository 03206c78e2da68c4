"""The half of DKIM that opens foreign bytes, for a worker process: no network, keys are given (RFC 6376 section 6).

dkimpy reads tags, canonicalises the header and checks the signature. What it leaves open is decided here: RFC 8301
(no SHA-1, keys of 1024 bits or more), From signed and single, l=, x=, and what key records restrict. A key under test
(t=y) makes its signature neutral, as if the mail were not signed (RFC 6376 section 3.6.1).
"""

from __future__ import annotations

import base64
import binascii
import re
import time
from dataclasses import dataclass
from pathlib import Path

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from gateway.adapters.mail_auth.dkim_body import BodyHashes, hash_body
from gateway.adapters.mail_auth.dkim_keys import MOST_SIGNATURES, DkimKeys, key_name
from gateway.model.authentication import DETAIL_LIMIT, AuthResult, DkimCheck
from gateway.model.domain_name import a_label
from gateway.model.wording import one_line

HEADER_LIMIT = 1024 * 1024
FIELD_LIMIT = 16 * 1024
SIGNED_FIELDS_LIMIT = 300
WEAK_BITS = 1024
"""RSA keys under this are not believed (RFC 8301 section 3.2)."""
MOST_BITS = 8192
MOST_EXPONENT_BITS = 64
_ALGORITHMS = {b"rsa-sha256": b"rsa", b"ed25519-sha256": b"ed25519"}
_NAME = re.compile(rb"([\x21-\x39\x3b-\x7e]+):")
_LONG_BLANK = re.compile(rb"\s{100}")
_BLANK = re.compile(rb"\s+")

Tags = dict[bytes, bytes]


class _Refused(Exception):
    """The check ends here with this result."""

    def __init__(self, result: AuthResult, detail: str) -> None:
        super().__init__(detail)
        self.result = result


@dataclass(frozen=True, slots=True)
class _Header:
    """Fields as (name, value with its line ends as CRLF), and where the body begins; `fault` makes it unusable."""

    fields: tuple[tuple[bytes, bytes], ...]
    body: int
    fault: str = ""

    def named(self, name: bytes) -> list[tuple[bytes, bytes]]:
        """All fields of this lower-case name, from the top."""
        return [entry for entry in self.fields if entry[0].lower() == name]


@dataclass(frozen=True, slots=True)
class _Signature:
    """A DKIM-Signature field and what its tags say, as far as they can be read."""

    field: tuple[bytes, bytes]
    tags: Tags
    fault: str = ""

    def text(self, tag: bytes) -> str:
        """A tag's value as text."""
        return self.tags.get(tag, b"").decode("utf-8", "replace")

    @property
    def relaxed_body(self) -> bool:
        """True where c= names relaxed for the body."""
        return self.tags.get(b"c", b"").partition(b"/")[2] == b"relaxed"

    @property
    def length(self) -> int | None:
        """l=, None where the whole body is signed."""
        value = self.tags.get(b"l")
        return int(value) if value is not None and value.isdigit() and len(value) <= 76 else None  # noqa: PLR2004 - section 3.5


def verify_dkim(raw: Path, keys: DkimKeys) -> tuple[DkimCheck, ...]:
    """One result for each of the first MOST_SIGNATURES signatures, from the top.

    Runs in linear time with some tens of megabytes. Raises OSError where `raw` cannot be read, nothing else.
    """
    header = _read_header(raw)
    signatures = [_read_signature(entry) for entry in header.named(b"dkim-signature")[:MOST_SIGNATURES]]
    bodies = {
        relaxed: hash_body(
            raw,
            header.body,
            relaxed=relaxed,
            lengths=[signature.length for signature in signatures if signature.length is not None],
        )
        for relaxed in {signature.relaxed_body for signature in signatures if not signature.fault and not header.fault}
    }
    return tuple(_check(signature, header, bodies, keys) for signature in signatures)


def _check(signature: _Signature, header: _Header, bodies: dict[bool, BodyHashes], keys: DkimKeys) -> DkimCheck:
    try:
        fault = header.fault or signature.fault
        if fault:
            raise _Refused(AuthResult.PERMERROR, fault)  # noqa: TRY301 - one way out for every result
        result, detail = _judge(signature, header, bodies[signature.relaxed_body], keys)
    except _Refused as refusal:
        result, detail = refusal.result, str(refusal)
    except dkim.DKIMException as problem:
        result, detail = AuthResult.PERMERROR, str(problem)
    except Exception as problem:  # noqa: BLE001 - foreign bytes: whatever they make the library do is the signature's fault
        result, detail = AuthResult.PERMERROR, f"unreadable ({type(problem).__name__})"
    return DkimCheck(
        result, _shown_domain(signature), one_line(signature.text(b"s"), DETAIL_LIMIT), one_line(detail, DETAIL_LIMIT)
    )


def _judge(signature: _Signature, header: _Header, body: BodyHashes, keys: DkimKeys) -> tuple[AuthResult, str]:
    tags = signature.tags
    expires = _checked_tags(signature)
    names = [name.lower() for name in re.split(rb"\s*:\s*", tags[b"h"])]
    if b"from" not in names:
        raise _Refused(AuthResult.PERMERROR, "From is not signed")
    if len(names) > SIGNED_FIELDS_LIMIT:
        raise _Refused(AuthResult.PERMERROR, "too many signed fields")
    key = _key(signature, keys)
    try:
        _verify(signature, names, header, body, key)
    except (_Refused, dkim.DKIMException) as problem:
        if key.testing:
            raise _Refused(AuthResult.NEUTRAL, f"the key is under test; {problem}") from problem
        raise
    if key.testing:
        return AuthResult.NEUTRAL, "the key is under test"
    reservation = _reservation(signature, header, body, key, expires)
    return (AuthResult.POLICY, reservation) if reservation else (AuthResult.PASS, "")


def _checked_tags(signature: _Signature) -> int | None:
    """Check the tags; when the signature expires. x= is left out of dkimpy's check, which calls it an error."""
    tags = signature.tags
    if tags.get(b"a") not in _ALGORITHMS:
        raise _Refused(AuthResult.PERMERROR, f"algorithm {signature.text(b'a')!r} is not accepted")
    expires = tags.get(b"x")
    if expires is None:
        dkim.validate_signature_fields(tags)
        return None
    if not expires.isdigit() or len(expires) > 12 or int(expires) < int(tags.get(b"t", b"0")):  # noqa: PLR2004 - section 3.5
        raise _Refused(AuthResult.PERMERROR, "x= is not a time after t=")
    dkim.validate_signature_fields({tag: value for tag, value in tags.items() if tag != b"x"})
    return int(expires)


@dataclass(frozen=True, slots=True)
class _Key:
    material: object
    bits: int
    kind: bytes
    testing: bool


def _key(signature: _Signature, keys: DkimKeys) -> _Key:
    name = key_name(signature.text(b"d"), signature.text(b"s"))
    if name in keys.unavailable:
        raise _Refused(AuthResult.TEMPERROR, "DNS did not answer for the key")
    record = keys.records.get(name)
    if record is None:
        raise _Refused(AuthResult.PERMERROR, "there is no key")
    try:
        tags = parse_tag_value(record)
    except InvalidTagValueList as problem:
        raise _Refused(AuthResult.PERMERROR, "the key record cannot be read") from problem
    if not tags.get(b"p"):
        raise _Refused(AuthResult.PERMERROR, "the key is revoked")
    flags = _listed(tags.get(b"t", b""))
    _check_restrictions(signature, tags, flags)
    return _parsed_key(signature, name, record, testing=b"y" in flags)


def _check_restrictions(signature: _Signature, tags: Tags, flags: frozenset[bytes]) -> None:
    """What the key record allows the key for (RFC 6376 section 3.6.1)."""
    if b"h" in tags and b"sha256" not in _listed(tags[b"h"]):
        raise _Refused(AuthResult.PERMERROR, "the key is not for sha256")
    if b"s" in tags and not _listed(tags[b"s"]) & {b"*", b"email"}:
        raise _Refused(AuthResult.PERMERROR, "the key is not for mail")
    identity = signature.tags.get(b"i")
    if b"s" in flags and identity and identity.rpartition(b"@")[2].lower() != signature.tags[b"d"].lower():
        raise _Refused(AuthResult.PERMERROR, "the key is not for subdomains")


def _parsed_key(signature: _Signature, name: str, record: bytes, *, testing: bool) -> _Key:
    try:
        material, bits, kind, _ = dkim.evaluate_pk(name, record)
    except (dkim.DKIMException, binascii.Error, ValueError, AssertionError) as problem:
        raise _Refused(AuthResult.PERMERROR, "the key cannot be read") from problem
    if kind != _ALGORITHMS[signature.tags[b"a"]]:
        raise _Refused(AuthResult.PERMERROR, "the key is of another kind than a=")
    if kind == b"rsa":
        modulus, exponent = material["modulus"], material["publicExponent"]
        bits = modulus.bit_length()
        if bits > MOST_BITS or exponent.bit_length() > MOST_EXPONENT_BITS or not modulus % 2:
            raise _Refused(AuthResult.PERMERROR, "the key is out of bounds")
    return _Key(material, bits, kind, testing)


def _verify(signature: _Signature, names: list[bytes], header: _Header, body: BodyHashes, key: _Key) -> None:
    length = body.size if signature.length is None else signature.length
    if length > body.size:
        raise _Refused(AuthResult.FAIL, "the body is shorter than l=")
    claimed = base64.b64decode(_BLANK.sub(b"", signature.tags[b"bh"]))
    if claimed != body.by_length[length]:
        raise _Refused(AuthResult.FAIL, "the body was changed")
    verifier = dkim.DKIM(minkey=0)
    verifier.headers = [list(entry) for entry in header.fields]
    verifier.pk, verifier.keysize, verifier.ktag = key.material, key.bits, key.kind
    without_body = {tag: value for tag, value in signature.tags.items() if tag != b"bh"}
    if not verifier.verify_sig_process(without_body, list(names), signature.field, None):
        raise _Refused(AuthResult.FAIL, "the header was changed or the key is another one")


def _reservation(signature: _Signature, header: _Header, body: BodyHashes, key: _Key, expires: int | None) -> str:
    """Why a signature that is right is not enough, empty where it is."""
    if key.kind == b"rsa" and key.bits < WEAK_BITS:
        return f"RSA key of {key.bits} bits"
    if expires is not None and expires < time.time():
        return "the signature has expired"
    if signature.length is not None and signature.length < body.size:
        return "l= leaves a part of the body unsigned"
    if len(header.named(b"from")) != 1:
        return "several From fields"
    return ""


def _shown_domain(signature: _Signature) -> str:
    domain = signature.text(b"d")
    return a_label(domain) or one_line(domain, DETAIL_LIMIT)


def _listed(value: bytes) -> frozenset[bytes]:
    return frozenset(word.strip().lower() for word in value.split(b":"))


def _read_header(raw: Path) -> _Header:
    """Stricter than parsers of mail: a line that is no field makes signatures unusable, for who knows what it shows."""
    with raw.open("rb") as file:
        block = file.read(HEADER_LIMIT)
    fields: list[tuple[bytes, list[bytes]]] = []
    start, fault, ended = 0, "", False
    while start < len(block):
        stop = block.find(b"\n", start)
        next_start = len(block) if stop < 0 else stop + 1
        line = block[start:next_start].removesuffix(b"\n").removesuffix(b"\r")
        is_first, start = start == 0, next_start
        if not line:
            ended = True
            break
        if line[0] in b"\t " and fields:
            fields[-1][1].append(line)
        elif found := _NAME.match(line):
            fields.append((found[1], [line[found.end() :]]))
        elif not (is_first and line.startswith(b"From ")):
            fault = "the header has lines that are no fields"
    if not ended and len(block) == HEADER_LIMIT:
        fault = "the header is too long"
    entries = tuple((name, b"".join(line + b"\r\n" for line in lines)) for name, lines in fields)
    return _Header(entries, start, fault)


def _read_signature(entry: tuple[bytes, bytes]) -> _Signature:
    value = entry[1]
    if len(value) > FIELD_LIMIT or _LONG_BLANK.search(value):
        return _Signature(entry, {}, "the signature field is too long")
    try:
        return _Signature(entry, parse_tag_value(value))
    except InvalidTagValueList:
        return _Signature(entry, _lenient_tags(value), "the signature field cannot be read")


def _lenient_tags(value: bytes) -> Tags:
    """Enough of a broken field to say whose it claims to be."""
    pairs = (spec.partition(b"=") for spec in value.split(b";"))
    return {tag.strip(): text.strip() for tag, _, text in pairs if tag.strip() in {b"d", b"s"}}
