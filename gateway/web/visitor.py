"""Whether a page was probably asked for by a person: a hint for the clerk, never an acknowledgement.

| request | taken for |
|---|---|
| any method but GET | machine |
| no User-Agent, or one that names a robot, a scanner of links, a maker of previews or a library | machine |
| Purpose, X-Purpose, Sec-Purpose or X-Moz announces a prefetch, prerender or preview | machine |
| Sec-Fetch-Mode navigate and Sec-Fetch-User ?1, into a window of its own | person |
| any other Sec-Fetch-* | machine |
| no Sec-Fetch-* at all (old, or no TLS), but a browser's User-Agent, Accept-Language, text/html in Accept | person |
| anything else | machine |

Sec-Fetch-User is sent where a person clicked or typed (W3C Fetch Metadata Request Headers). A scanner that imitates all
of this is taken for a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_MACHINES = re.compile(
    # CUBOT makes telephones.
    r"(?<!cu)bot|crawl|spider|slurp|preview|scan|monitor|uptime|validator|archiver|headless|phantom|selenium|puppeteer"
    r"|playwright|lighthouse|safelinks|safe-links|atp|barracuda|mimecast|proofpoint|urldefense|forcepoint|fortinet|fortiguard"
    r"|sophos|symantec|trendmicro|mcafee|trellix|fireeye|ironport|cisco|checkpoint|zscaler|kaspersky|bitdefender|virustotal"
    r"|curl|wget|python|aiohttp|httpx|java|okhttp|apache|go-http|libwww|perl|ruby|node|axios|undici|php|guzzle|powershell|winhttp"
    r"|dart|postman|insomnia|facebookexternalhit|meta-external|facebookcatalog|zalo|viber|telegram|slack|skype|teams|whatsapp"
    r"|discord|linkedin|twitter|pinterest|embedly|googleimageproxy|google-inspection|googleother|feedfetcher|ms-office|msoffice"
    r"|microsoft office|outlook|thunderbird|yahoomailproxy|mediapartners"
)
_BROWSERS = re.compile(r"mozilla/5\.0 \(.+(chrome|crios|firefox|fxios|safari|edg[a-z]*|opr|coc_coc_browser|trident)/")
_PURPOSES = ("purpose", "x-purpose", "sec-purpose", "x-moz")
_FETCH = ("sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-fetch-user")


def by_person(method: str, headers: Mapping[str, str]) -> bool:
    """By the table above; header names in lower case, or a mapping that does not care."""
    agent = headers.get("user-agent", "").lower()
    if method != "GET" or not agent or _MACHINES.search(agent):
        return False
    if any(_is_ahead_of_time(headers.get(name, "").lower()) for name in _PURPOSES):
        return False
    if any(name in headers for name in _FETCH):
        return _is_navigation(headers)
    return bool(
        _BROWSERS.match(agent)
        and headers.get("accept-language", "").strip()
        and "text/html" in headers.get("accept", "").lower()
    )


def _is_ahead_of_time(purpose: str) -> bool:
    return any(word in purpose for word in ("prefetch", "prerender", "preview"))


def _is_navigation(headers: Mapping[str, str]) -> bool:
    return (
        headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-user") == "?1"
        and headers.get("sec-fetch-dest", "document") == "document"
    )
