"""Whom the gateway asks: hosts of the Internet on the ports of HTTP, and those that were configured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.revocation.destination import Destinations, GlobalResolver, NoAnswer, is_global

HOSTS = {"ocsp.ca.btc": "ocsp.ca.gov.vn", "crl.inside.example": "10.0.0.7:8080"}


@pytest.mark.parametrize(
    ("named", "asked"),
    [
        ("http://ca.gov.vn/pki/pub/crl/rootcag2.crl", "http://ca.gov.vn/pki/pub/crl/rootcag2.crl"),
        ("https://rootca.gov.vn/crl/vnrca256.crl", "https://rootca.gov.vn/crl/vnrca256.crl"),
        ("http://CA.gov.vn:80/x?y=1", "http://ca.gov.vn/x?y=1"),
        ("http://8.8.8.8/x.crl", "http://8.8.8.8/x.crl"),
        ("http://ocsp.ca.btc/", "http://ocsp.ca.gov.vn/"),
        ("http://OCSP.CA.BTC:8888/path", "http://ocsp.ca.gov.vn/path"),
        ("http://crl.inside.example/a.crl", "http://10.0.0.7:8080/a.crl"),
        ("http://10.0.0.7/a.crl", "http://10.0.0.7/a.crl"),
    ],
)
def test_an_address_that_may_be_asked(named: str, asked: str) -> None:
    assert str(Destinations(HOSTS).of(named)) == asked


@pytest.mark.parametrize(
    "named",
    [
        *(
            "",
            "ca.gov.vn/x.crl",
            "http://127.1/x.crl",
            "http://2130706433/x.crl",
            "http://0x7f000001/x.crl",
            "http://127.0.0.1./x.crl",
            "ldap://ca.gov.vn/x",
            "file:///etc/passwd",
            "ftp://ca.gov.vn/x",
            "http://",
            "http:///x",
        ),
        *("http://user@ca.gov.vn/x", "http://user:secret@ca.gov.vn/", "http://ca.gov.vn:99999/", "http://[::1/x"),
        *("http://127.0.0.1/x", "http://[::1]/", "http://10.0.0.8/", "http://192.168.1.1/", "http://169.254.169.254/"),
        *("http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://224.0.0.1/"),
        *("http://0.0.0.0/", "http://[fe80::1]/", "http://100.64.0.1/"),
        *("http://ca.gov.vn:25/", "https://ca.gov.vn:8443/", "http://ca.gov.vn:443/", "http://10.0.0.7:22/"),
        "http://ca.gov.vn/" + "x" * 2000,
    ],
)
def test_an_address_that_may_not_be_asked(named: str) -> None:
    with pytest.raises(NoAnswer):
        Destinations(HOSTS).of(named)


@given(st.text() | st.from_regex(r"https?://[a-z0-9.:@\\[\\]%/?#-]{0,40}", fullmatch=True))
def test_whatever_a_certificate_names_is_asked_over_http_without_a_password_or_not_at_all(named: str) -> None:
    try:
        asked = Destinations(HOSTS).of(named)
    except NoAnswer:
        return
    assert asked.scheme in {"http", "https"}
    assert asked.raw_host
    assert asked.raw_user is asked.raw_password is None


@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "0x7f.1"])
async def test_a_name_that_leads_inside_is_not_connected_to(name: str) -> None:
    with pytest.raises(OSError, match=r"inside|not known"):
        await GlobalResolver(Destinations({})).resolve(name, 80)


async def test_a_configured_name_may_lead_inside() -> None:
    resolver = GlobalResolver(Destinations({"ocsp.ca.btc": "localhost:8080"}))
    assert {each["host"] for each in await resolver.resolve("localhost", 8080)} <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "103.1.2.3"])
def test_an_address_of_the_internet_is_global(address: str) -> None:
    assert is_global(address)
