"""DMARC (RFC 7489): whether a domain that passed is the author's, and what the author's domain asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.adapters.mail_auth.domains import Organisations
from gateway.adapters.mail_auth.resolver import DnsFailure, Resolver
from gateway.model.authentication import DETAIL_LIMIT, AuthResult, DkimCheck, DmarcCheck, SpfCheck
from gateway.model.domain_name import a_label
from gateway.model.wording import one_line

POLICIES = frozenset({"none", "quarantine", "reject"})
_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_-]*)\s*=\s*(.*?)\s*", re.DOTALL)
_VERSION = re.compile(r"\s*v\s*=\s*DMARC1\s*")


@dataclass(frozen=True, slots=True)
class Record:
    """A DMARC record; `pct` and the report addresses are nobody's business here."""

    policy: str
    subdomain_policy: str
    strict_dkim: bool = False
    strict_spf: bool = False


async def check_dmarc(
    author_domain: str, spf: SpfCheck, dkim: Sequence[DkimCheck], resolver: Resolver, organisations: Organisations
) -> tuple[DmarcCheck, bool]:
    """The result for an A-label `author_domain`, and whether a pass is aligned with it.

    Without a record alignment is relaxed, and where DNS does not tell the record it is strict, for the record might ask
    for that. A domain that failed only for want of DNS makes temperror of a fail. Never raises.
    """
    try:
        found, record = await _discover(author_domain, resolver, organisations)
    except DnsFailure as problem:
        strictly = aligned(author_domain, spf, dkim, organisations, strict_spf=True, strict_dkim=True)
        return DmarcCheck(AuthResult.TEMPERROR, detail=one_line(str(problem), DETAIL_LIMIT)), strictly
    if record is None:
        return DmarcCheck(), aligned(author_domain, spf, dkim, organisations)
    is_aligned = aligned(
        author_domain, spf, dkim, organisations, strict_spf=record.strict_spf, strict_dkim=record.strict_dkim
    )
    result = AuthResult.PASS if is_aligned else AuthResult.FAIL
    if not is_aligned and undecided(author_domain, spf, dkim, organisations):
        result = AuthResult.TEMPERROR
    policy = record.policy if found == author_domain else record.subdomain_policy
    return DmarcCheck(result, found, policy), is_aligned


def aligned(
    author_domain: str,
    spf: SpfCheck,
    dkim: Sequence[DkimCheck],
    organisations: Organisations,
    *,
    strict_spf: bool = False,
    strict_dkim: bool = False,
) -> bool:
    """True where SPF or DKIM passed for the author's domain or, if not strict, its organisation (section 3.1)."""

    def belongs(domain: str, strict: bool) -> bool:
        name = a_label(domain)
        return bool(name) and (name == author_domain or (not strict and organisations.same(name, author_domain)))

    by_spf = spf.result is AuthResult.PASS and belongs(spf.domain, strict_spf)
    return by_spf or any(check.result is AuthResult.PASS and belongs(check.domain, strict_dkim) for check in dkim)


def undecided(author_domain: str, spf: SpfCheck, dkim: Sequence[DkimCheck], organisations: Organisations) -> bool:
    """True where a check that could have been aligned found DNS away."""
    checks: tuple[SpfCheck | DkimCheck, ...] = (spf, *dkim)
    return any(
        check.result is AuthResult.TEMPERROR and organisations.same(a_label(check.domain), author_domain)
        for check in checks
    )


def read_record(text: bytes) -> Record | None:
    """A TXT record as DMARC's, None where it is not one or must be passed over (sections 6.3 and 6.6.3). Never raises.

    What cannot be read in it is passed over; without a valid policy it counts as `none` if it names a report address.
    """
    first, *rest = text.decode("utf-8", "replace").split(";")
    if not _VERSION.fullmatch(first):
        return None
    tags: dict[str, str] = {}
    for spec in rest:
        if found := _TAG.fullmatch(spec):
            tags.setdefault(found[1].lower(), found[2])
    policy, sub = tags.get("p", "").lower(), tags.get("sp", "").lower()
    if policy not in POLICIES or (sub and sub not in POLICIES):
        if "mailto:" not in tags.get("rua", "").lower():
            return None
        policy, sub = "none", ""
    return Record(
        policy,
        sub or policy,
        strict_dkim=_is_strict(tags.get("adkim", "")),
        strict_spf=_is_strict(tags.get("aspf", "")),
    )


def _is_strict(value: str) -> bool:
    return value.lower() == "s"


async def _discover(author_domain: str, resolver: Resolver, organisations: Organisations) -> tuple[str, Record | None]:
    """Where the record stands and what it says (section 6.6.3). Raises DnsFailure."""
    for domain in dict.fromkeys((author_domain, organisations.of(author_domain))):
        texts = [text for text in await resolver.txt(f"_dmarc.{domain}") if _is_dmarc(text)]
        if len(texts) > 1:
            return domain, None
        if texts:
            return domain, read_record(texts[0])
    return author_domain, None


def _is_dmarc(text: bytes) -> bool:
    return bool(_VERSION.fullmatch(text.partition(b";")[0].decode("utf-8", "replace")))
