"""Results of a mail server that the operator trusts, from Authentication-Results (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from gateway.adapters.mail_auth.dmarc import aligned
from gateway.adapters.mail_auth.domains import Organisations
from gateway.model.authentication import DETAIL_LIMIT, NOT_WHOLE, AuthResult, DkimCheck, DmarcCheck, SpfCheck
from gateway.model.domain_name import a_label, address_domain
from gateway.model.wording import one_line

FIELD_LIMIT = 64 * 1024
MOST_RESULTS = 50
"""Fields longer than that, or with more results, are not believed: no honest server writes them."""
_METHOD = re.compile(r"([a-z0-9_-]+)(?:\s*/\s*\d+)?\s*=\s*([a-z0-9_-]+)", re.IGNORECASE)
_PROPERTY = re.compile(
    r"""\s+([a-z0-9_-]+(?:\s*\.\s*[a-z0-9_-]+)?)\s*=\s*((?:"(?:[^"\\]|\\.)*"|[^\s"])*)""", re.IGNORECASE
)
_ID = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|[^\s;"=]+)(?:\s+\d+)?\s*""")
_WORDS = {"hardfail": AuthResult.FAIL} | {result.value: result for result in AuthResult}


@dataclass(frozen=True, slots=True)
class ReadResults:
    """What the trusted server said. `is_aligned` follows its dmarc or, without one, its spf and dkim (relaxed)."""

    authserv_id: str
    spf: SpfCheck
    dkim: tuple[DkimCheck, ...]
    dmarc: DmarcCheck
    is_aligned: bool

    @property
    def says_fail(self) -> bool:
        """True where any of its results is fail."""
        results = (self.spf.result, self.dmarc.result, *(check.result for check in self.dkim))
        return AuthResult.FAIL in results


@dataclass(frozen=True, slots=True)
class _Result:
    method: str
    result: AuthResult
    properties: dict[str, str]


def read_results(
    fields: Sequence[str], trusted: Collection[str], author_domain: str, organisations: Organisations
) -> ReadResults | None:
    """The results in `fields` (unfolded values, newest first) of servers named in `trusted`; None where there are none.

    Of each method the topmost field that has it counts. A dmarc result counts only for the author's own domain: pass
    for another, or any word but pass and none, leaves nothing aligned; so does a trusted field that cannot be read.
    Never raises.
    """
    names = {name.strip().lower() for name in trusted}
    authserv_id = ""
    found: dict[str, list[_Result]] = {"spf": [], "dkim": [], "dmarc": []}
    for field in fields:
        read = _read_field(field)
        if read is None and (name := _name_of(field)).lower() in names:
            # What it says is not known; what stands below may be forged, and counts the less.
            return ReadResults(one_line(name, DETAIL_LIMIT), SpfCheck(), (), DmarcCheck(), is_aligned=False)
        if read is None or read[0].lower() not in names:
            continue
        authserv_id = authserv_id or read[0]
        of_field: dict[str, list[_Result]] = {}
        for result in read[1]:
            of_field.setdefault(result.method, []).append(result)
        for method, results in of_field.items():
            if method in found and not found[method]:
                found[method] = results
    if not authserv_id:
        return None
    spf = _spf(found["spf"])
    dkim = tuple(_dkim(result) for result in found["dkim"])
    dmarc = _dmarc(found["dmarc"], author_domain)
    is_aligned = dmarc.result is AuthResult.PASS or (
        dmarc.result is AuthResult.NONE and bool(author_domain) and aligned(author_domain, spf, dkim, organisations)
    )
    return ReadResults(one_line(authserv_id, DETAIL_LIMIT), spf, dkim, dmarc, is_aligned)


def _spf(results: list[_Result]) -> SpfCheck:
    """The check of the reverse-path; one of HELO alone proves no sender and gets no domain."""
    for result in results:
        mail_from = result.properties.get("smtp.mailfrom") or result.properties.get("smtp.mail")
        if mail_from:
            return SpfCheck(result.result, address_domain(mail_from) or a_label(mail_from))
    if not results:
        return SpfCheck()
    return SpfCheck(
        results[0].result, detail=one_line(f"helo {results[0].properties.get('smtp.helo', '')}", DETAIL_LIMIT)
    )


def _dkim(result: _Result) -> DkimCheck:
    signer = result.properties.get("header.d", "")
    domain = a_label(signer) if signer else address_domain(result.properties.get("header.i", ""))
    return DkimCheck(result.result, domain, one_line(result.properties.get("header.s", ""), DETAIL_LIMIT))


def _dmarc(results: list[_Result], author_domain: str) -> DmarcCheck:
    if not results:
        return DmarcCheck()
    shown = results[0].properties.get("header.from", "")
    domain = address_domain(shown) or a_label(shown)
    policy = results[0].properties.get("policy.dmarc", "").lower()
    if results[0].result is AuthResult.PASS and (not domain or domain != author_domain):
        return DmarcCheck(AuthResult.POLICY, domain, policy, "the result is for another author")
    return DmarcCheck(results[0].result, domain, policy)


def _read_field(field: str) -> tuple[str, list[_Result]] | None:
    """authserv-id and results; None where the field cannot be read."""
    bare = _without_comments(field) if len(field) <= FIELD_LIMIT else None
    if bare is None:
        return None
    head, *parts = _split(" ".join(bare.split()))
    found = _ID.fullmatch(head)
    if found is None or len(parts) > MOST_RESULTS or NOT_WHOLE in field:
        return None
    return _unquoted(found[1]), [result for part in parts if (result := _read_result(part))]


def _name_of(field: str) -> str:
    """The authserv-id of a field that cannot be read otherwise."""
    found = _ID.match(field)
    return _unquoted(found[1]) if found else ""


def _read_result(part: str) -> _Result | None:
    text = part.strip()
    found = _METHOD.match(text)
    if found is None or found[2].lower() not in _WORDS:
        return None
    properties: dict[str, str] = {}
    for name, value in _PROPERTY.findall(text[found.end() :]):
        properties.setdefault("".join(name.split()).lower(), _unquoted(value))
    return _Result(found[1].lower(), _WORDS[found[2].lower()], properties)


def _without_comments(field: str) -> str | None:
    """The field with each comment as a blank; None where a comment or quoted string does not end."""
    kept: list[str] = []
    depth, quoted = 0, False
    letters = iter(field)
    for letter in letters:
        piece = letter
        if letter == "\\" and (depth or quoted):
            piece += next(letters, "")
        elif letter == '"' and not depth:
            quoted = not quoted
        elif letter == "(" and not quoted:
            depth += 1
            piece = " "
        elif letter == ")" and depth:
            depth -= 1
            continue
        if not depth or piece == " ":
            kept.append(piece)
    return None if depth or quoted else "".join(kept)


def _split(text: str) -> Iterator[str]:
    """The parts between semicolons that stand outside quoted strings."""
    start, quoted, escaped = 0, False, False
    for at, letter in enumerate(text):
        if escaped:
            escaped = False
        elif letter == "\\" and quoted:
            escaped = True
        elif letter == '"':
            quoted = not quoted
        elif letter == ";" and not quoted:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def _unquoted(text: str) -> str:
    """A value with its quoted strings opened, as in `"a b"@example.vn`."""
    return re.sub(r'"((?:[^"\\]|\\.)*)"', lambda hit: re.sub(r"\\(.)", r"\1", hit[1]), text, flags=re.DOTALL)
