"""All that can be found out about the sender of one mail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from ipaddress import ip_address, ip_network
from pathlib import Path

from gateway.adapters.mail_auth.authres import ReadResults, read_results
from gateway.adapters.mail_auth.dkim_keys import MOST_SIGNATURES, DkimKeys, fetch_keys
from gateway.adapters.mail_auth.dmarc import check_dmarc, undecided
from gateway.adapters.mail_auth.domains import Organisations
from gateway.adapters.mail_auth.resolver import Resolver
from gateway.adapters.mail_auth.sender_policy import check_spf
from gateway.errors import SandboxFailure, TemporaryError
from gateway.model.authentication import (
    DETAIL_LIMIT,
    Authentication,
    AuthResult,
    DkimCheck,
    DmarcCheck,
    Judge,
    SenderClaims,
    SpfCheck,
)
from gateway.model.domain_name import a_label, address_domain
from gateway.model.mail import Envelope, Transport
from gateway.model.wording import one_line

Verify = Callable[[Path, DkimKeys], Awaitable[tuple[DkimCheck, ...]]]

_INVALID = frozenset({AuthResult.FAIL, AuthResult.PERMERROR})


class SenderAuthenticator:
    """Judges senders: by us where the client speaks SMTP to us, else by a trusted server's word, else by DKIM alone.

    `trusted_authserv` are the authserv-ids whose Authentication-Results are believed, `front_servers` the networks of
    our own mail servers that pass mail on by SMTP; `verify` runs `verify_dkim` in a worker process.
    """

    def __init__(
        self,
        resolver: Resolver,
        trusted_authserv: Collection[str],
        verify: Verify,
        front_servers: Collection[str] = (),
    ) -> None:
        self._front = tuple(ip_network(network) for network in front_servers)
        self._resolver = resolver
        self._trusted = frozenset(trusted_authserv)
        self._verify = verify
        self._organisations = Organisations()

    async def authenticate(
        self, envelope: Envelope, claims: SenderClaims, raw: Path, *, patient: bool
    ) -> Authentication:
        """The facts about the sender of the mail at `raw`.

        Raises TemporaryError("sender") where the author is not proved and DNS failed for what could have proved it;
        with `patient` false the facts are returned with temperror instead. Raises nothing else of its own.
        """
        author = claims.author
        if envelope.transport is Transport.SMTP and self._is_stranger(envelope.peer):
            judged = await self._by_us(author, envelope, claims, raw)
        else:
            judged = await self._behind_a_server(author, envelope, claims, raw)
        judged = replace(judged, reverse_path_proved=self._may_answer(judged))
        if patient and judged.judge is not Judge.PINNED:
            self._require_answers(judged)
        return judged

    async def _by_us(self, author: str, envelope: Envelope, claims: SenderClaims, raw: Path) -> Authentication:
        spf, dkim = await asyncio.gather(
            check_spf(envelope.peer, envelope.mail_from, envelope.helo, self._resolver), self._signatures(claims, raw)
        )
        dmarc, aligned = await self._dmarc(author, spf, dkim)
        return Authentication(Judge.OWN, author, envelope.mail_from, spf, dkim, dmarc, aligned)

    async def _behind_a_server(
        self, author: str, envelope: Envelope, claims: SenderClaims, raw: Path
    ) -> Authentication:
        by_hand = envelope.transport is Transport.CLI
        read = read_results(claims.results, self._trusted, address_domain(author), self._organisations)
        path = claims.return_path if envelope.transport is Transport.IMAP else envelope.mail_from
        if by_hand:
            path = path or None
        if read is not None:
            judged = Authentication(
                Judge.PINNED,
                author,
                path,
                read.spf,
                read.dkim,
                read.dmarc,
                read.is_aligned,
                authserv_id=read.authserv_id,
            )
            dkim = await self._signatures(claims, raw) if by_hand and not judged.aligned else ()
        else:
            dkim = await self._signatures(claims, raw)
            dmarc, aligned = await self._dmarc_without_spf(author, dkim) if dkim else (DmarcCheck(), False)
            judged = Authentication(
                Judge.OWN if dkim else Judge.NOBODY, author, path, dkim=dkim, dmarc=dmarc, aligned=aligned
            )
        if by_hand and not judged.aligned and not self._speaks_against(author, read, dkim):
            return replace(judged, judge=Judge.OPERATOR)
        return judged

    async def _signatures(self, claims: SenderClaims, raw: Path) -> tuple[DkimCheck, ...]:
        if not claims.signatures:
            return ()
        keys = await fetch_keys(claims.signatures, self._resolver)
        try:
            return await self._verify(raw, keys)
        except SandboxFailure as failure:
            return tuple(
                DkimCheck(
                    AuthResult.TEMPERROR,
                    a_label(claim.domain) or one_line(claim.domain, DETAIL_LIMIT),
                    one_line(claim.selector, DETAIL_LIMIT),
                    one_line(f"not checked: {failure}", DETAIL_LIMIT),
                )
                for claim in claims.signatures[:MOST_SIGNATURES]
            )

    async def _dmarc(self, author: str, spf: SpfCheck, dkim: tuple[DkimCheck, ...]) -> tuple[DmarcCheck, bool]:
        domain = address_domain(author)
        if not domain:
            return DmarcCheck(), False
        return await check_dmarc(domain, spf, dkim, self._resolver, self._organisations)

    async def _dmarc_without_spf(self, author: str, dkim: tuple[DkimCheck, ...]) -> tuple[DmarcCheck, bool]:
        """As `_dmarc`, but DKIM alone cannot show that DMARC fails."""
        dmarc, aligned = await self._dmarc(author, SpfCheck(), dkim)
        if dmarc.result is AuthResult.FAIL:
            dmarc = replace(dmarc, result=AuthResult.NONE, detail="SPF could not be judged")
        return dmarc, aligned

    def _speaks_against(self, author: str, read: ReadResults | None, dkim: tuple[DkimCheck, ...]) -> bool:
        """True where a trusted server says fail, or a signature in the author's name is not right."""
        if read is not None and read.says_fail:
            return True
        domain = address_domain(author)
        return any(
            check.result in _INVALID and self._organisations.same(a_label(check.domain), domain) for check in dkim
        )

    def _is_stranger(self, peer: str) -> bool:
        try:
            address = ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        return not any(address in network for network in self._front)

    def _may_answer(self, judged: Authentication) -> bool:
        domain = address_domain(judged.reverse_path or "")
        if not domain:
            return False
        if judged.spf.result is AuthResult.PASS and judged.spf.domain == domain:
            return True
        return judged.aligned and self._organisations.same(domain, address_domain(judged.author))

    def _require_answers(self, judged: Authentication) -> None:
        domain = address_domain(judged.author)
        if judged.aligned or not domain:
            return
        if judged.dmarc.result is AuthResult.TEMPERROR:
            raise TemporaryError("sender", judged.dmarc.detail or f"DNS of {domain} does not answer")
        if undecided(domain, judged.spf, judged.dkim, self._organisations):
            raise TemporaryError("sender", f"DNS of {domain} does not answer")
