"""A reader for the RFC 7208 test suite, which is YAML of a narrow kind: maps, lists, scalars and block scalars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.servers.dns import DnsServer, Fault

_KEY = re.compile(r"""(?:"([^"]*)"|'([^']*)'|([^\s'"\[].*?))\s*:(?:\s+|$)(.*)""")
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|.)")
_FLOW = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^,\]]+)\s*(?:,|$)""")
_CONTROL = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


@dataclass(frozen=True, slots=True)
class Case:
    """One check of the suite; `results` are those that the suite allows."""

    name: str
    host: str
    helo: str
    mail_from: str
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Some checks and the zones they are made with."""

    name: str
    cases: tuple[Case, ...]
    zones: dict[str, list[Any]]

    def serve(self, server: DnsServer) -> None:
        """Put the zones into `server`. SPF records stand for TXT ones too, where the name has none (suite's rule)."""
        for name, entries in self.zones.items():
            self._serve_name(server, name, entries)

    def _serve_name(self, server: DnsServer, name: str, entries: list[Any]) -> None:
        records: dict[str, list[Any]] = {}
        for entry in entries:
            if entry == "TIMEOUT":
                server.fail(name, Fault.SILENCE)
                continue
            for kind, value in entry.items():
                records.setdefault(kind, []).append(value)
        spf = records.pop("SPF", [])
        records.setdefault("TXT", spf)
        for kind, values in records.items():
            given = [_wire(kind, value) for value in values if value != "NONE"]
            if given:
                server.add(name, kind, *given)


def _wire(kind: str, value: Any) -> Any:
    match kind:
        case "TXT":
            strings = value if isinstance(value, list) else [value]
            return tuple(text.encode("latin-1") for text in strings) or (b"",)
        case "MX":
            return f"{value[0]} {value[1].rstrip('.') or ''}."
        case "PTR" | "CNAME":
            return f"{value.rstrip('.')}."
        case _:
            return value


def read_suite(text: str) -> Iterator[Scenario]:
    """All scenarios of the suite."""
    for document in re.split(r"(?m)^---$", text):
        lines = [line for line in document.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        if lines:
            content, _ = _block(lines, 0, 0)
            cases = tuple(_case(name, fields) for name, fields in content["tests"].items())
            yield Scenario(content["description"], cases, content["zonedata"])


def _case(name: str, fields: dict[str, Any]) -> Case:
    result = fields["result"]
    results = tuple(result) if isinstance(result, list) else (result,)
    return Case(name, fields["host"], fields["helo"], fields["mailfrom"], results)


def _block(lines: list[str], at: int, indent: int) -> tuple[Any, int]:
    """The map or list that starts at line `at` with `indent`, and the line after it."""
    entries: list[Any] = []
    fields: dict[str, Any] = {}
    while at < len(lines) and _indent(lines[at]) >= indent:
        line = lines[at].strip()
        if line.startswith("- "):
            entry = line[2:].strip()
            more, at = _continued(lines, at + 1, indent + 1)
            match_ = _KEY.fullmatch(entry)
            entries.append({_key(match_): _scalar(" ".join((match_[4], *more)))} if match_ else entry)
            continue
        found = _KEY.fullmatch(line)
        assert found, line
        key, value = _key(found), found[4]
        if value and not value.startswith((">", "|")):
            more, at = _continued(lines, at + 1, indent + 1)
            fields[key] = _scalar(" ".join((value, *more)))
        elif value:
            more, at = _continued(lines, at + 1, indent + 1)
            fields[key] = " ".join(more)
        else:
            deeper = _indent(lines[at + 1])
            fields[key], at = _block(lines, at + 1, deeper)
    return (entries or fields), at


def _continued(lines: list[str], at: int, indent: int) -> tuple[list[str], int]:
    more = []
    while at < len(lines) and _indent(lines[at]) >= indent:
        more.append(lines[at].strip())
        at += 1
    return more, at


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _key(found: re.Match[str]) -> str:
    return next(part for part in found.groups()[:3] if part is not None)


def _scalar(text: str) -> Any:
    text = text.strip()
    if text.startswith("["):
        return [_scalar(part) for part in _FLOW.findall(text[1 : text.rindex("]")]) if part.strip()]
    if text.startswith('"'):
        inner = text[1 : text.rindex('"')]
        return _ESCAPE.sub(_unescaped, inner)
    if text.startswith("'"):
        return text[1 : text.rindex("'")].replace("''", "'")
    return re.sub(r"\s+#.*", "", text)


def _unescaped(hit: re.Match[str]) -> str:
    return chr(int(hit[1][1:], 16)) if len(hit[1]) > 1 else _CONTROL.get(hit[1], hit[1])
