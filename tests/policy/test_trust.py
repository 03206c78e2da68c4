"""Pins of authorities' certificates, and when the end of one is told."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.trust import AuthorityCertificate
from gateway.policy.trust import (
    Pin,
    Pins,
    PinSource,
    Term,
    days_left,
    expiry_warning,
    lacks_issuer,
    term,
    to_be_told_of,
)
from gateway.settings import load_settings
from gateway.shipped import shipped

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ROW = {"name": "Gốc", "sha256": "a" * 64, "kind": "root", "generation": "G1", "published": "", "source": "recomputed"}
CERTIFICATES = Path(__file__).parents[3] / "shared" / "domain" / "certs"


def certificate(name: str = "Gốc", *, ends: timedelta = 1000 * DAY, issuer: str = "") -> AuthorityCertificate:
    """A root, unless somebody else is its issuer."""
    return AuthorityCertificate(
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        name=name,
        subject=f"CN={name}",
        issuer=issuer or name,
        root=not issuer,
        not_before=NOW - 1000 * DAY,
        not_after=NOW + ends,
        own_key=(name, ""),
        issuer_key=(issuer or name, ""),
    )


def test_the_shipped_pins_are_those_of_the_known_authorities() -> None:
    pins = load_settings().pins.by_sha256.values()
    assert [(pin.name, pin.sha256[:8], pin.root, pin.generation, pin.source) for pin in pins] == [
        ("Co quan chung thuc so chuyen dung Chinh phu (RootCA)", "f7bc8905", True, "G1", PinSource.RECOMPUTED),
        ("CA phục vụ các cơ quan nhà nước, G1 (tệp cp.crt)", "75e969c0", False, "G1", PinSource.PUBLISHED),
        ("RootCA chuyên dùng Chính phủ G2", "f04ba4b4", True, "G2", PinSource.RECOMPUTED),
        ("CA phục vụ các cơ quan Nhà nước G2", "d8cab7a4", False, "G2", PinSource.RECOMPUTED),
        ("CA phục vụ các cơ quan Đảng G2", "e4b402e3", False, "G2", PinSource.PUBLISHED),
        ("Vietnam National Root CA", "bac8bf60", True, "", PinSource.RECOMPUTED),
        ("VNPT-CA SHA2", "7d6ba524", False, "", PinSource.RECOMPUTED),
    ]
    assert all(pin.not_after for pin in pins if pin.source is PinSource.RECOMPUTED)


def test_no_certificate_is_shipped() -> None:
    assert [path.name for path in (shipped("config") / "trust").iterdir()] == ["README.md"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"sha256": "a" * 63}, "sha256"),
        ({"sha256": "g" * 64}, "sha256"),
        ({"kind": "leaf"}, "kind"),
        ({"source": "heard"}, "source"),
        ({"name": 7}, "dấu nháy"),
        ({"not_after": "2030-01-01"}, "not_after"),
        ({"not_after": datetime(2030, 1, 1, tzinfo=UTC)}, "not_after"),
        ({"sha-256": "a" * 64}, "sha-256"),
    ],
)
def test_a_wrong_pin_is_told_with_its_place(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=r"pin\[2\]") as caught:
        Pins.from_rows([{**ROW, "sha256": "b" * 64}, ROW | change])
    assert complaint in str(caught.value)


@pytest.mark.parametrize("missing", sorted(ROW))
def test_a_pin_says_everything_but_its_dates(missing: str) -> None:
    with pytest.raises(ValueError, match=missing):
        Pins.from_rows([{key: value for key, value in ROW.items() if key != missing}])


def test_a_hash_stands_once_in_any_case() -> None:
    with pytest.raises(ValueError, match="hai lần"):
        Pins.from_rows([ROW, {**ROW, "sha256": "A" * 64}])
    (pin,) = Pins.from_rows([{**ROW, "sha256": "A" * 64, "not_after": date(2030, 3, 5)}]).by_sha256.values()
    assert pin == Pin("Gốc", "a" * 64, True, "G1", "", PinSource.RECOMPUTED, None, date(2030, 3, 5))


def test_a_certificate_matches_the_pin_of_its_hash_and_kind() -> None:
    root, other = certificate("Gốc"), certificate("Khác")
    pins = Pins.from_rows([{**ROW, "sha256": root.sha256}])
    assert pins.pin_of(root) == pins.by_sha256[root.sha256]
    assert pins.pin_of(other) is None
    assert pins.pin_of(replace(root, root=False)) is None


@pytest.mark.parametrize(
    ("ends", "found", "left"),
    [
        (-timedelta(seconds=1), Term.EXPIRED, -1),
        (timedelta(0), Term.SOON, 0),
        (DAY - timedelta(seconds=1), Term.SOON, 0),
        (90 * DAY - timedelta(seconds=1), Term.SOON, 89),
        (90 * DAY, Term.CURRENT, 90),
    ],
)
def test_the_last_ninety_days_are_soon(ends: timedelta, found: Term, left: int) -> None:
    it = certificate(ends=ends)
    assert (term(it, NOW), days_left(it, NOW)) == (found, left)
    assert bool(expiry_warning(it, NOW)) == (found is not Term.CURRENT)


def test_a_certificate_of_the_future_is_not_in_force_yet() -> None:
    it = replace(certificate(), not_before=NOW + timedelta(seconds=1))
    assert term(it, NOW) is Term.NOT_YET
    assert expiry_warning(it, NOW) == "Gốc: chưa có hiệu lực"


def test_a_warning_names_the_day_in_vietnamese_time() -> None:
    late = replace(certificate(), not_after=datetime(2026, 12, 31, 20, 30, tzinfo=UTC))
    assert expiry_warning(late, NOW) == "Gốc: còn 38 ngày, hết hạn lúc 03 giờ 30 phút, ngày 01/01/2027"
    assert "đã hết hạn từ 03 giờ 30 phút" in expiry_warning(late, NOW + 100 * DAY)


@given(st.lists(st.integers(-4000, 4000), max_size=8))
def test_people_hear_of_an_end_from_ninety_days_before_to_thirty_after_the_nearest_first(days: list[int]) -> None:
    kept = [certificate(f"{place}", ends=each * DAY) for place, each in enumerate(days)]
    told = to_be_told_of(kept, NOW)
    assert {each.name for each in told} == {f"{place}" for place, each in enumerate(days) if -30 <= each < 90}
    assert [each.not_after for each in told] == sorted(each.not_after for each in told)
    assert all(expiry_warning(each, NOW) for each in told)


def test_a_chain_breaks_where_no_issuer_is_kept() -> None:
    root, sub = certificate("Gốc"), certificate("Trung gian", issuer="Gốc")
    below = certificate("Dưới nữa", issuer="Trung gian")
    assert not any(lacks_issuer(each, (root, sub, below)) for each in (root, sub, below))
    assert lacks_issuer(sub, (sub, below))
    assert lacks_issuer(below, (root, below))
    assert not lacks_issuer(root, ())


def test_an_authority_of_the_same_name_with_another_key_is_another() -> None:
    root = replace(certificate("Gốc"), own_key=("Gốc", "01"))
    sub = certificate("Trung gian", issuer="Gốc")
    assert lacks_issuer(replace(sub, issuer_key=("Gốc", "02")), (root,))
    assert not lacks_issuer(replace(sub, issuer_key=("Gốc", "01")), (root,))
    assert not lacks_issuer(sub, (root,))


@pytest.mark.corpus
def test_recomputed_pins_are_the_hashes_of_the_certificates_at_hand() -> None:
    from gateway.adapters.trust_store import described, read_certificates

    pins, found = load_settings().pins, {}
    for file in CERTIFICATES.glob("*.pem"):
        for der in read_certificates(file).values():
            it = described(der)
            if pin := pins.pin_of(it):
                assert it.name == pin.name
                assert (it.not_before.date(), it.not_after.date()) == (pin.not_before, pin.not_after)
                assert not it.refusal
                found[it.sha256] = pin
            else:
                assert it.refusal, file
    assert set(found) == {pin.sha256 for pin in pins.by_sha256.values() if pin.source is PinSource.RECOMPUTED}
