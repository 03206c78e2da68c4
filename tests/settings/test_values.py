"""Values as people write them."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import SettingsError
from gateway.settings import settings_from
from gateway.settings.keys import Keys
from gateway.settings.problems import toml
from gateway.settings.values import (
    parse_address,
    parse_duration,
    parse_nameserver,
    parse_public_url,
    parse_return_path,
    parse_size,
    parse_tcp_place,
)

HERE = Path("/nowhere")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("500 ms", 0.5),
        ("30 s", 30),
        ("30 giây", 30),
        ("5 min", 300),
        ("5 phút", 300),
        ("2 h", 7200),
        ("2 giờ", 7200),
        ("1 day", 86400),
        ("2 days", 172800),
        ("2 ngày", 172800),
    ],
)
def test_durations_are_a_number_and_a_unit(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "5", "5min", "5  min", "-5 min", "1.5 h", "0 s", "5 months", "٥ min", 300, None, True, "9999 days"]
)
def test_anything_else_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="khoảng thời gian"):
        parse_duration(text)


@given(st.integers(1, 999_999), st.sampled_from(["B", "KB", "MB", "GB", "TB"]))
def test_sizes_count_in_powers_of_1024(number: int, unit: str) -> None:
    assert parse_size(f"{number} {unit}") == number * 1024 ** ["B", "KB", "MB", "GB", "TB"].index(unit)


@pytest.mark.parametrize("text", ["", "50", "50MB", "50 mb", "0 MB", "-1 MB", "1,5 GB", 50, True, None])
def test_anything_else_is_no_size(text: object) -> None:
    with pytest.raises(ValueError, match=r"dung lượng|đơn vị"):
        parse_size(text)


@pytest.mark.parametrize("text", ["a@b.vn", "SGTVT@QuangNgai.gov.vn", "sgtvt+x-1@quangngai.gov.vn", "a.b@localhost"])
def test_plain_addresses_are_taken_and_folded(text: str) -> None:
    assert parse_address(text) == text.lower()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "@b.vn",
        "a@",
        "a b@c.vn",
        "a@b_c.vn",
        "a@-b.vn",
        "a@b..vn",
        ".a@b.vn",
        "a@b.vn\n",
        "<a@b.vn>",
        "ă@b.vn",
        1,
    ],
)
def test_anything_else_is_no_address(text: object) -> None:
    with pytest.raises(ValueError, match="phải là một địa chỉ thư"):
        parse_address(text)


@pytest.mark.parametrize(
    ("text", "host", "port"), [("10.0.0.5:25", "10.0.0.5", 25), ("[::1]:0", "::1", 0), ("mx:465", "mx", 465)]
)
def test_places_are_host_and_port_and_print_as_written(text: str, host: str, port: int) -> None:
    place = parse_tcp_place(text)
    assert (place.host, place.port, str(place)) == (host, port, text)


@pytest.mark.parametrize("text", ["", "25", ":25", "mx:", "mx:smtp", "::1:25", "mx:65536", "mx :25", "mx:²5", 25])
def test_anything_else_is_no_place(text: object) -> None:
    with pytest.raises(ValueError, match=r"máy:cổng|cổng phải"):
        parse_tcp_place(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "vanthu.example.vn",
        "ftp://x.vn",
        "https://",
        "https://x.vn?a=1",
        "https://x.vn#a",
        "https://u:p@x.vn",
        "https://x.vn:99999",
        5,
    ],
)
def test_anything_but_a_web_address_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="địa chỉ trang web"):
        parse_public_url(text)


def test_a_closing_slash_of_the_public_address_is_dropped() -> None:
    assert parse_public_url("https://x.vn/vanthu/") == "https://x.vn/vanthu"


@pytest.mark.parametrize("text", ["192.0.2.1", "2001:db8::1", "192.0.2.1:5353", "[2001:db8::1]:53"])
def test_name_servers_are_addresses_with_or_without_a_port(text: str) -> None:
    assert parse_nameserver(text) == text


@pytest.mark.parametrize("text", ["", "dns.example.vn", "192.0.2.1:", "192.0.2.256", "192.0.2.1:70000", 53, None])
def test_anything_else_is_no_name_server(text: object) -> None:
    with pytest.raises(ValueError, match="máy chủ DNS"):
        parse_nameserver(text)


@pytest.mark.parametrize("text", ["+b-*", "+b", "+*", "a+b-*@b.vn", "a@b.vn"])
def test_return_paths_are_a_plus_part_or_an_address(text: str) -> None:
    assert parse_return_path(text) == text


@pytest.mark.parametrize("text", ["", "*", "+b-*@b.vn", "b-*", "a@*.vn", "+*-*", "+b *", f"+{'b' * 50}*", 1, None])
def test_anything_else_is_no_return_path(text: object) -> None:
    with pytest.raises(ValueError, match=r"một địa chỉ thư|một dấu"):
        parse_return_path(text)


PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.dates(), st.datetimes()
)
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
EVERY_KEY = [
    (section, key)
    for section, info in Keys.model_fields.items()
    for key in getattr(info.annotation, "model_fields", {})
]


def answer_to(keys: dict[str, Any]) -> str:
    """The keys of the settings where these are sound, the message where not."""
    try:
        return " ".join(settings_from(keys, HERE).model_dump())
    except SettingsError as error:
        return str(error)


@given(st.sampled_from(EVERY_KEY), ANYTHING)
def test_whatever_stands_at_a_key_the_answer_is_settings_or_a_message_naming_the_section(
    place: tuple[str, str], value: Any
) -> None:
    section, key = place
    assert section in answer_to({section: {key: value}})


@given(st.sampled_from(list(Keys.model_fields)), ANYTHING)
def test_whatever_stands_at_a_section_the_answer_is_settings_or_a_message(section: str, value: Any) -> None:
    assert answer_to({section: value})


@given(st.text(min_size=1, max_size=12).filter(lambda name: name not in Keys.model_fields), ANYTHING)
def test_an_unknown_section_is_always_refused(name: str, value: Any) -> None:
    with pytest.raises(SettingsError, match="không có khóa này"):
        settings_from({name: value}, HERE)


def test_values_are_shown_as_they_stand_in_the_file() -> None:
    assert toml({"a": [1, True, 'x"y'], "b": date(2017, 9, 7)}) == '{a = [1, true, "x\\"y"], b = 2017-09-07}'
    assert toml(datetime(2017, 9, 7, 7, 0)) == "2017-09-07T07:00:00"  # noqa: DTZ001 - a TOML local date-time is naive


def test_an_unknown_key_in_a_row_is_told_with_its_row() -> None:
    row = {"since": date(2017, 9, 7), "days": ["T2"], "shifts": ["07:00-11:30"], "shift": []}
    with pytest.raises(SettingsError, match=r"hours\.schedule\[1\]\.shift: không có khóa này; có phải là shifts\?"):
        settings_from({"hours": {"schedule": [row]}}, HERE)
