"""The configuration: one validated, frozen object, read once at start and handed down."""

from gateway.settings.load import Settings, load_settings, settings_from
from gateway.settings.secret import FileReference, Secret
from gateway.settings.sections import HoursRow, RelayTls
from gateway.settings.values import LOOPBACK, TcpPlace, UnixPlace

__all__ = [
    "LOOPBACK",
    "FileReference",
    "HoursRow",
    "RelayTls",
    "Secret",
    "Settings",
    "TcpPlace",
    "UnixPlace",
    "load_settings",
    "settings_from",
]
