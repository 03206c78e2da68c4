"""config/gateway.toml is the only place of defaults, and documents every key."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from gateway.errors import SettingsError
from gateway.model.agency import Agency
from gateway.settings import load_settings, settings_from
from gateway.settings.keys import Keys
from gateway.settings.sections import Section
from gateway.shipped import shipped

SHIPPED = shipped("config") / "gateway.toml"


def inner_section(annotation: object) -> type[Section] | None:
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, Section) else None
    return next((found for each in get_args(annotation) if (found := inner_section(each))), None)


def keys_of(section: type[Section], before: str = "") -> Iterator[str]:
    for name, info in section.model_fields.items():
        inner = inner_section(info.annotation)
        if inner is None:
            yield before + name
        else:
            yield from keys_of(inner, f"{before}{name}.")


def keys_in(table: dict[str, object], before: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from keys_in(value, f"{before}{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from keys_in(value[0], f"{before}{name}.")
        else:
            yield before + name


def mailbox_example() -> str:
    """The commented mailbox of the shipped file, as the operator who takes the signs away has it."""
    text = SHIPPED.read_text(encoding="utf-8")
    return re.sub("(?m)^#   ", "", text[text.index("#   [[imap.mailboxes]]") : text.index("mailboxes = []")])


def seal_example() -> list[dict[str, str]]:
    """The row in the comment above signatures.seals, as its value."""
    (row,) = re.findall(r"như (\{ certificate = .+? \})\.", SHIPPED.read_text(encoding="utf-8"))
    seals: list[dict[str, str]] = tomllib.loads(f"seals = [{row}]")["seals"]
    return seals


def test_the_seal_in_the_comment_is_one_that_works(tmp_path: Path) -> None:
    (owner,) = settings_from({"signatures": {"seals": seal_example()}}, tmp_path).content.seals
    assert (owner.certificate, owner.agency) == ("TCHQ", "hai-quan")


def test_the_shipped_file_names_every_key_and_no_other() -> None:
    shipped_keys = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    shipped_keys["imap"] |= tomllib.loads(mailbox_example())["imap"]
    shipped_keys["signatures"]["seals"] = seal_example()
    assert list(keys_in(shipped_keys)) == list(keys_of(Keys)), "same keys in the same order"


def test_the_mailbox_in_the_comment_is_one_that_works(tmp_path: Path) -> None:
    (mailbox,) = settings_from(tomllib.loads(mailbox_example()), tmp_path).imap.mailboxes
    assert (mailbox.name, mailbox.host, mailbox.port) == ("so", "mail.quangngai.gov.vn", 993)
    assert str(mailbox.secret) == "credential:imap-so"
    assert (mailbox.ca_file, mailbox.done_folder) == (None, "Đã nhận")


def test_the_mailbox_in_the_comment_is_the_example_in_the_messages(tmp_path: Path) -> None:
    written = tomllib.loads(mailbox_example())["imap"]["mailboxes"][0]
    with pytest.raises(SettingsError) as caught:
        settings_from({"imap": {"mailboxes": [{}]}}, tmp_path)
    told = {line.partition(": ")[0]: line.partition("Ví dụ đúng: ")[2] for line in str(caught.value).splitlines()}
    assert list(told) == [f"imap.mailboxes[1].{key}" for key in written]
    for key in written.keys() - {"ca_file"}:
        assert tomllib.loads(told[f"imap.mailboxes[1].{key}"]) == {key: written[key]}


def test_the_directory_lies_beside_the_file_that_names_it(tmp_path: Path) -> None:
    assert settings_from({}, tmp_path).senders.directory is None
    assert settings_from({"senders": {"directory": "d.toml"}}, tmp_path).senders.directory == tmp_path / "d.toml"


def test_mailboxes_keep_their_order(tmp_path: Path) -> None:
    written = tomllib.loads(mailbox_example())["imap"]["mailboxes"][0]
    boxes = [written | {"name": name} for name in ("b", "a", "c")]
    assert [box.name for box in settings_from({"imap": {"mailboxes": boxes}}, tmp_path).imap.mailboxes] == list("bac")


@pytest.mark.parametrize(
    ("written", "reverse_path"),
    [
        ("+b-*", "sgtvt+b-*@quangngai.gov.vn"),
        ("+B", "sgtvt+b@quangngai.gov.vn"),
        ("SGTVT@quangngai.gov.vn", "sgtvt@quangngai.gov.vn"),
        ("sgtvt+n-*@quangngai.gov.vn", "sgtvt+n-*@quangngai.gov.vn"),
        ("", ""),
    ],
)
def test_reports_come_back_to_an_address_of_ours(written: str, reverse_path: str, tmp_path: Path) -> None:
    assert settings_from({"mail": {"return_path": written}}, tmp_path).mail.reverse_path == reverse_path


def test_every_key_and_section_has_a_comment_of_its_own_above_it() -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    bare = [line for above, line in pairwise(lines) if re.match(r"\w+ = |\[", line) and not above.startswith("# ")]
    assert bare == []


def test_the_code_holds_no_default_beside_the_file() -> None:
    def sections(outer: type[Section]) -> Iterator[type[Section]]:
        yield outer
        for info in outer.model_fields.values():
            if inner := inner_section(info.annotation):
                yield from sections(inner)

    for section in sections(Keys):
        for name, info in section.model_fields.items():
            assert info.default is PydanticUndefined, f"{section.__name__}.{name}"


def test_the_defaults_are_the_department_of_transport_of_quang_ngai() -> None:
    settings = load_settings()
    assert settings.agency.record() == Agency(
        name="Sở Giao thông vận tải tỉnh Quảng Ngãi",
        short_name="Sở GTVT",
        superior="Ủy ban nhân dân tỉnh Quảng Ngãi",
        mailbox="sgtvt@quangngai.gov.vn",
        records_office="Văn thư Sở",
        phones=("0255.3816013", "0255.3712955"),
        place="Quảng Ngãi",
        regulation="955/QĐ-SGTVT",
    )
    assert settings.mail.recipients == ("sgtvt@quangngai.gov.vn",)
    row = settings.hours.schedule[0]
    assert (row.since, row.days) == (date(2017, 9, 7), (0, 1, 2, 3, 4))
    assert row.shifts == ((time(7), time(11, 30)), (time(13, 30), time(17)))
    assert settings.books.first_numbers() == {("den", 2026): 1}
    assert settings.relay.retry[0] == timedelta(minutes=1)
    assert settings.document_types.named("Tờ trình") is not None


def test_a_file_of_ones_own_changes_only_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "gateway.toml"
    path.write_text('[relay]\nmaildir = "outgoing"\n\n[store]\ndatabase = "g.db"\nblobs = "/srv/blobs"\n', "utf-8")
    settings, defaults = load_settings(path), load_settings()
    assert settings.relay.maildir == tmp_path / "outgoing"
    assert settings.relay.host is None, "the default relay gives way to the maildir"
    assert settings.store.database == tmp_path / "g.db"
    assert settings.store.blobs == Path("/srv/blobs")
    for section in set(Keys.model_fields) - {"relay", "store"}:
        assert getattr(settings, section) == getattr(defaults, section)


def test_the_environment_does_not_override(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SMTP__LISTEN", "VANTHU_SMTP__LISTEN", "SMTP_LISTEN", "smtp", "SMTP"):
        monkeypatch.setenv(name, "0.0.0.0:25")
    assert load_settings().smtp.listen.host == "127.0.0.1"


def test_settings_are_frozen() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.relay.port = 26


def test_plus_addresses_are_accepted_and_neighbours_are_not() -> None:
    mail = load_settings().mail
    for ours in ("sgtvt@quangngai.gov.vn", "SGTVT@QuangNgai.gov.vn", "sgtvt+b-x1@quangngai.gov.vn"):
        assert mail.accepts(ours)
    for foreign in ("sgtvtx@quangngai.gov.vn", "x+sgtvt@quangngai.gov.vn", "sgtvt@quangngai.gov.vn.example", ""):
        assert not mail.accepts(foreign)


def test_scanners_are_named_as_their_adapter_takes_them() -> None:
    settings = settings_from({"scanner": {"clamd": ["unix:/run/c.ctl", "10.0.0.5:3310", "[::1]:3310"]}}, Path("/x"))
    assert settings.scanner.addresses() == ["unix:/run/c.ctl", "tcp:10.0.0.5:3310", "tcp:[::1]:3310"]


def test_tables_of_ones_own_are_read_and_their_faults_named(tmp_path: Path) -> None:
    row = '[[allowed]]\nname = "tài liệu PDF"\nextensions = [".pdf"]\nmedia_types = ["application/pdf"]\n'
    (tmp_path / "formats.toml").write_text(row, "utf-8")
    with pytest.raises(SettingsError, match=r"formats\.toml: allowed\[1\]\.extensions: .*không có dấu chấm"):
        settings_from({"policy": {"tables": str(tmp_path)}}, tmp_path)
    (tmp_path / "formats.toml").write_text(row.replace(".pdf", "pdf"), "utf-8")
    with pytest.raises(SettingsError, match=r"document_types\.toml"):
        settings_from({"policy": {"tables": str(tmp_path)}}, tmp_path)


def test_shipped_hours_begin_before_the_gateway_can_receive() -> None:
    assert load_settings().hours.schedule[0].since < datetime(2020, 1, 1, tzinfo=UTC).date()
