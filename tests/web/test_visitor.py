"""Who asked for a page: a person's browser, or a machine."""

from __future__ import annotations

import pytest

from gateway.web.visitor import by_person

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 15_8 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6"
    " Mobile/15E148 Safari/604.1"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
COC_COC = CHROME.replace("Chrome/", "coc_coc_browser/131.0 Chrome/")
EDGE = f"{CHROME} Edg/131.0.0.0"
EXPLORER = "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko"
CUBOT = (
    "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
)
CLICK = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-user": "?1", "sec-fetch-dest": "document"}
PLAIN = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "vi-VN,vi;q=0.9"}


def without(headers: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}


PEOPLE = {
    "chrome-clicked": {"user-agent": CHROME, **CLICK, **PLAIN},
    "chrome-from-webmail": {"user-agent": CHROME, **CLICK, "sec-fetch-site": "cross-site"},
    "firefox-clicked": {"user-agent": FIREFOX, **CLICK, **PLAIN},
    "edge-clicked": {"user-agent": EDGE, **CLICK, **PLAIN},
    "coc-coc-clicked": {"user-agent": COC_COC, **CLICK, **PLAIN},
    "reloaded": {"user-agent": CHROME, **CLICK, "sec-fetch-site": "same-origin", "cache-control": "max-age=0"},
    "no-destination-told": {"user-agent": CHROME, **without(CLICK, "sec-fetch-dest")},
    "chrome-without-tls": {"user-agent": CHROME, **PLAIN},
    "old-iphone": {"user-agent": IPHONE, **PLAIN},
    "firefox-without-tls": {"user-agent": FIREFOX, **PLAIN},
    "explorer-11": {"user-agent": EXPLORER, **PLAIN},
    "cubot-is-a-telephone": {"user-agent": CUBOT, **PLAIN},
}
MACHINES: dict[str, dict[str, str]] = {
    "nothing-said": {},
    "no-agent-though-fetch-is-told": {**CLICK, **PLAIN},
    "empty-agent": {"user-agent": "", **CLICK, **PLAIN},
    "prefetch-by-sec-purpose": {"user-agent": CHROME, **CLICK, "sec-purpose": "prefetch"},
    "prerender-by-sec-purpose": {"user-agent": CHROME, **CLICK, "sec-purpose": "prefetch;prerender"},
    "prefetch-by-purpose": {"user-agent": CHROME, **CLICK, "purpose": "prefetch"},
    "preview-by-x-purpose": {"user-agent": IPHONE, **PLAIN, "x-purpose": "preview"},
    "prefetch-by-x-moz": {"user-agent": FIREFOX, **PLAIN, "x-moz": "prefetch"},
    "navigation-by-nobody": {"user-agent": CHROME, **without(CLICK, "sec-fetch-user"), **PLAIN},
    "fetch-from-a-script": {"user-agent": CHROME, **CLICK, "sec-fetch-mode": "cors"},
    "user-denied": {"user-agent": CHROME, **CLICK, "sec-fetch-user": "?0"},
    "in-a-frame": {"user-agent": CHROME, **CLICK, "sec-fetch-dest": "iframe"},
    "as-an-image": {"user-agent": CHROME, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image", **PLAIN},
    "site-alone": {"user-agent": CHROME, "sec-fetch-site": "none", **PLAIN},
    "no-language": {"user-agent": CHROME, **without(PLAIN, "accept-language")},
    "blank-language": {"user-agent": CHROME, **PLAIN, "accept-language": " "},
    "any-type": {"user-agent": CHROME, **PLAIN, "accept": "*/*"},
    "no-accept": {"user-agent": CHROME, **without(PLAIN, "accept")},
    "mozilla-alone": {"user-agent": "Mozilla/5.0", **PLAIN},
    "mozilla-4": {"user-agent": "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0)", **PLAIN},
    "unknown-agent": {"user-agent": "Thing/1.0", **PLAIN},
}
ROBOTS = {
    "googlebot": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/131.0 Safari/537.36",
    "bingpreview": f"{CHROME} BingPreview/1.0b",
    "crawler": "Mozilla/5.0 (compatible; SomeCrawler/1.0) Safari/537.36",
    "spider": "Mozilla/5.0 (compatible; Baiduspider/2.0) Safari/537.36",
    "scanner": f"{CHROME} LinkScanner/3",
    "safelinks": f"{CHROME} SafeLinks",
    "barracuda": "BarracudaCentral/1.0",
    "mimecast": f"{CHROME} Mimecast-URL-Protect",
    "proofpoint": f"{CHROME} Proofpoint",
    "urldefense": f"{CHROME} urldefense",
    "curl": "curl/7.88.1",
    "wget": "Wget/1.21.3",
    "python-requests": "python-requests/2.31.0",
    "python-urllib": "Python-urllib/3.11",
    "java": "Java/17.0.9",
    "go": "Go-http-client/2.0",
    "okhttp": "okhttp/4.12.0",
    "headless-chrome": CHROME.replace("Chrome/", "HeadlessChrome/"),
    "facebook": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "zalo": f"{CHROME} Zalo iOS/2024",
    "slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "skype": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 Safari/537.36",
    "teams": f"{CHROME} Teams/24.1",
    "whatsapp": "WhatsApp/2.23.20.0 A",
    "telegram": "TelegramBot (like TwitterBot)",
    "google-image-proxy": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "office": "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
}


@pytest.mark.parametrize("headers", PEOPLE.values(), ids=PEOPLE)
def test_a_browser_that_somebody_uses_is_a_person(headers: dict[str, str]) -> None:
    assert by_person("GET", headers)


@pytest.mark.parametrize("headers", MACHINES.values(), ids=MACHINES)
def test_what_shows_no_person_is_a_machine(headers: dict[str, str]) -> None:
    assert not by_person("GET", headers)


@pytest.mark.parametrize("agent", ROBOTS.values(), ids=ROBOTS)
def test_a_robot_is_a_machine_whatever_else_it_sends(agent: str) -> None:
    assert not by_person("GET", {"user-agent": agent, **PLAIN})
    assert not by_person("GET", {"user-agent": agent, **CLICK, **PLAIN})


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
def test_only_get_shows_a_person(method: str) -> None:
    assert not by_person(method, PEOPLE["chrome-clicked"])
