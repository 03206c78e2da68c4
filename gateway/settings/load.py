"""Reads the configuration: shipped defaults, the operator's file over them, the regulation's tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, ValidationError

from gateway.errors import SettingsError
from gateway.policy.active import ActiveTable
from gateway.policy.books import Book, Books
from gateway.policy.calendar import Calendar, Schedule
from gateway.policy.content import ContentRules
from gateway.policy.formats import FormatTable
from gateway.policy.header.types import DocumentTypes
from gateway.policy.paper import PaperTable
from gateway.policy.signing import SealOwner
from gateway.policy.submission import SubmissionWords
from gateway.policy.trust import Pins
from gateway.settings.calendar import calendar_of
from gateway.settings.keys import Keys
from gateway.settings.problems import describe
from gateway.settings.toml_file import read_toml
from gateway.shipped import shipped

_TAKEN_WHOLE = frozenset({"agency"})


class Settings(Keys):
    """The validated configuration with the regulation's tables. Frozen; its repr shows no secret."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    formats: FormatTable
    active: ActiveTable
    document_types: DocumentTypes
    calendar: Calendar
    submission_words: SubmissionWords
    paper: PaperTable
    books: Books
    pins: Pins

    @property
    def content(self) -> ContentRules:
        """What rules on files go by."""
        seals = tuple(SealOwner(row.certificate, row.agency) for row in self.signatures.seals)
        return ContentRules(self.formats, self.active, self.documents.legacy_letters == "refuse", seals)

    @property
    def anchors(self) -> Path:
        """The folder of trusted certificates."""
        return self.signatures.anchors or shipped("config") / "trust"


def load_settings(path: Path | None = None) -> Settings:
    """The configuration of the file `path`, or the shipped defaults where it is None.

    Raises SettingsError that lists every problem found, one a line.
    """
    if path is None:
        return settings_from({}, shipped("config"))
    path = path.absolute()
    try:
        return settings_from(read_toml(path), path.parent)
    except SettingsError as error:
        raise SettingsError(f"{path}:\n{error}") from None


def settings_from(keys: Mapping[str, Any], folder: Path) -> Settings:
    """The defaults with `keys` laid over them, relative paths counted from `folder`. Raises SettingsError."""
    defaults = read_toml(shipped("config") / "gateway.toml")
    merged = _overlaid(defaults, keys)
    try:
        checked = Keys.model_validate(merged, context={"folder": folder.absolute()})
    except ValidationError as error:
        raise SettingsError("\n".join(describe(error, defaults))) from None
    contradictions = checked.contradictions()
    if contradictions:
        raise SettingsError("\n".join(contradictions))
    tables = checked.policy.tables or shipped("config") / "policy"
    if not tables.is_dir():
        raise SettingsError(f"policy.tables: không có thư mục {tables}; hãy xem đường dẫn.")
    formats = _formats(tables / "formats.toml")
    types = _document_types(tables / "document_types.toml")
    sections = {name: getattr(checked, name) for name in Keys.model_fields}
    return Settings(
        **sections,
        formats=formats,
        document_types=types,
        calendar=_calendar(checked.hours.record(), tables / "holidays.toml"),
        submission_words=_submission_words(tables / "submissions.toml"),
        active=_active(tables / "active.toml"),
        paper=_paper(tables / "paper.toml"),
        books=_books(tables / "books.toml", checked.book.record(), types),
        pins=_pins(checked.signatures.pins or shipped("config") / "trust.toml"),
    )


def _overlaid(defaults: Mapping[str, Any], keys: Mapping[str, Any]) -> dict[str, Any]:
    """Key by key within a section; a list or a named agency is taken whole, never half of each."""
    merged = dict(defaults)
    for name, given in keys.items():
        default = defaults.get(name)
        if isinstance(default, dict) and isinstance(given, dict) and name not in _TAKEN_WHOLE:
            merged[name] = {**default, **given}
        else:
            merged[name] = given
    relay = keys.get("relay")
    if isinstance(relay, dict) and relay.get("maildir") and "host" not in relay:
        merged["relay"]["host"] = ""
    return merged


def _formats(path: Path) -> FormatTable:
    rows = _table(path)
    try:
        return FormatTable.from_rows(rows.get("allowed", []), rows.get("refused", []), rows.get("held", []))
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None


def _document_types(path: Path) -> DocumentTypes:
    rows = _table(path)
    try:
        return DocumentTypes.from_rows(rows.get("type", []))
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None


def _calendar(schedule: Schedule, path: Path) -> Calendar:
    table = _table(path)
    try:
        return calendar_of(schedule, table)
    except ValueError as error:
        raise SettingsError(f"{path}: {error}.") from None


def _submission_words(path: Path) -> SubmissionWords:
    table = _table(path)
    try:
        return SubmissionWords.from_table(table)
    except ValueError as error:
        raise SettingsError(f"{path}: {error}.") from None


def _paper(path: Path) -> PaperTable:
    table = _table(path)
    try:
        return PaperTable.from_table(table)
    except ValueError as error:
        raise SettingsError(f"{path}: {error}.") from None


def _books(path: Path, main: Book, types: DocumentTypes) -> Books:
    """Tables of one's own from before there were other books than the one in gateway.toml go with the shipped ones."""
    table = _table(path if path.exists() else shipped("config") / "policy" / "books.toml")
    try:
        return Books.from_table(table, main, types)
    except ValueError as error:
        raise SettingsError(f"{path}: {error}.") from None


def _active(path: Path) -> ActiveTable:
    rows = _table(path)
    try:
        return ActiveTable.from_rows(rows.get("content", []))
    except ValueError as error:
        raise SettingsError(f"{path}: {error}.") from None


def _pins(path: Path) -> Pins:
    rows = _table(path)
    try:
        return Pins.from_rows(rows.get("pin", []))
    except ValueError as error:
        raise SettingsError(f"{path}: {error}.") from None


def _table(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from None
