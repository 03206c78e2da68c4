"""What the header says of its sender, taken down as it stands: all of it may be forged.

Fields that servers add stand above those that came with the mail (RFC 5321 section 4.4, RFC 8601 section 5). So the
walk goes from the top and ends where the sender's own header may begin:

* A Received field of a hop inside the receiving organisation (`_is_internal`) is passed as long as no
  Authentication-Results was seen: delivery by LMTP, content filters and storage servers add such fields later.
* The first other Received is the border. Its server puts its results above or just below its own Received, some
  put results on both sides. The next Received is the sender's, and there the block ends.
* After the border or the first Authentication-Results every Received counts, internal or not: the block ends at the
  second that counts.

A forged field can therefore stand in the block only behind those that the border wrote, or where the border wrote
none: a server whose word is trusted must take away foreign fields in its name, and for each method its first word
counts.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from gateway.adapters.mime.envelope import read_authors, read_reverse_path
from gateway.adapters.mime.headers import Headers
from gateway.adapters.mime.limits import LIMITS
from gateway.adapters.mime.words import clean
from gateway.model.authentication import DETAIL_LIMIT, NOT_WHOLE, DkimClaim, SenderClaims

MOST_AUTHORS = 20
MOST_SIGNATURES = 10
MOST_RESULTS = 20
LONGEST_RESULT = LIMITS.header_value // 4
"""Characters; a field of which the reader of headers left out the end has at least so many, four bytes each."""
_MOST_INTERNAL = 10
_LAST_FOREIGN = 2

_BY_CLAUSE = re.compile(r"(?:^|\s)by\s+([^\s;()]+)", re.IGNORECASE)
_FROM_CLAUSE = re.compile(r"from\s+([^\s;()]+)", re.IGNORECASE)
_LOCAL_PROTOCOL = re.compile(r"\swith\s+(?:UTF8)?(?:LMTPS?A?|HTTPS?|MAPI|local)\b", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:IPv6:)?[0-9A-Fa-f:]{2,39}(?:\.\d{1,3}){0,3})(?![\w.:])"
)
_PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
_COMPARED_LABELS = 3
_EXCHANGE_ONLINE = (".outlook.com", ".office365.com")
_TAG = re.compile(r"\s*([a-z][a-z0-9_]*)\s*=\s*(.*?)\s*\Z", re.DOTALL | re.IGNORECASE)
_DOMAIN = re.compile(r"[^\s@;,\"'<>()/\\]{1,255}")


def read_claims(headers: Headers) -> SenderClaims:
    """Authors of all From fields, the reverse-path, signatures and results of the receiving servers; never raises."""
    found = (author.address for value in headers.texts("from") for author in read_authors(value))
    return SenderClaims(
        authors=tuple(dict.fromkeys(found))[:MOST_AUTHORS],
        return_path=_return_path(headers),
        signatures=tuple(_signatures(headers)),
        results=tuple(_results(headers)),
    )


def _return_path(headers: Headers) -> str | None:
    """The topmost Return-Path above the Received of the first other host: below, the sender may have written it.

    A Received without a "from" is no transfer between hosts; Gmail puts one above.
    """
    for name, text in headers.ordered("return-path", "received"):
        if name == "return-path":
            return read_reverse_path(text)
        if _FROM_CLAUSE.match(text):
            return None
    return None


def _signatures(headers: Headers) -> Iterator[DkimClaim]:
    found = 0
    for value in headers.texts("dkim-signature"):
        tags = {
            match[1].lower(): "".join(match[2].split())
            for tag in value.split(";")
            if (match := _TAG.match(tag)) is not None
        }
        domain, selector = tags.get("d", "").lower().rstrip("."), tags.get("s", "")
        if _DOMAIN.fullmatch(domain) and _DOMAIN.fullmatch(selector):
            yield DkimClaim(domain, selector)
            found += 1
        if found == MOST_SIGNATURES:
            return


def _results(headers: Headers) -> Iterator[str]:
    seen = foreign = internal = 0
    for name, text in headers.ordered("authentication-results", "received"):
        if name == "authentication-results":
            yield _whole(text)
            seen += 1
        elif not (seen or foreign) and internal < _MOST_INTERNAL and _is_internal(text):
            internal += 1
        else:
            foreign += 1
        if seen == MOST_RESULTS or foreign == _LAST_FOREIGN:
            return


def _whole(result: str) -> str:
    """The field, or of one that is too long its authserv-id alone: a part of it may say what the whole denies."""
    if len(result) < LONGEST_RESULT:
        return clean(result, LONGEST_RESULT)
    return f"{clean(result.partition(';')[0], DETAIL_LIMIT)}; {NOT_WHOLE}"


def _is_internal(received: str) -> bool:
    """Whether this field tells of a hop inside one organisation, so far as it tells.

    It has no client, or is a delivery by LMTP, or client and server have one name or one domain, or the client has
    private addresses only. A client may lie in its greeting; it gains no more than the place just below the border,
    which it has anyway.
    """
    start = _FROM_CLAUSE.match(received)
    server = _BY_CLAUSE.search(received, start.end() if start else 0)
    if start is None:
        return server is not None
    if server is None:
        return False
    if _LOCAL_PROTOCOL.search(received, server.end()):
        return True
    client, host = start[1].lower().strip("[]."), server[1].lower().strip("[].")
    if client == host or _one_domain(client, host):
        return True
    addresses = list(_addresses(received[start.start(1) : server.start()]))
    return bool(addresses) and all(any(address in network for network in _PRIVATE) for address in addresses)


def _one_domain(client: str, host: str) -> bool:
    """Whether two names share their last three labels, or are both Exchange Online's, which has two domains."""
    if client.endswith(_EXCHANGE_ONLINE) and host.endswith(_EXCHANGE_ONLINE):
        return True
    first, second = (name.split(".")[-_COMPARED_LABELS:] for name in (client, host))
    return first == second and len(first) == _COMPARED_LABELS and not first[-1].isdigit()


def _addresses(text: str) -> Iterator[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    for match in _ADDRESS.finditer(text):
        try:
            yield ipaddress.ip_address(match[0].lower().removeprefix("ipv6:"))
        except ValueError:
            continue
