"""The configuration: one validated, frozen object, read once at start and handed down."""

from gateway.settings.hours import HoursRow
from gateway.settings.load import Settings, load_settings, settings_from
from gateway.settings.mailboxes import MailboxSection
from gateway.settings.secret import FileReference, Secret
from gateway.settings.sections import RelayTls
from gateway.settings.toml_file import read_toml
from gateway.settings.values import LOOPBACK, TcpPlace, UnixPlace

__all__ = [
    "LOOPBACK",
    "FileReference",
    "HoursRow",
    "MailboxSection",
    "RelayTls",
    "Secret",
    "Settings",
    "TcpPlace",
    "UnixPlace",
    "load_settings",
    "read_toml",
    "settings_from",
]
