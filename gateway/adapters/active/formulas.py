"""Formulas of cells: which start a program or send data away; sums, signs and telephone numbers do neither."""

from __future__ import annotations

import re

from gateway.adapters.active.finds import Finds
from gateway.adapters.active.links import Reach, reach_of
from gateway.model.facts import ActiveKind

LONGEST_LINE = 20_000
_TOPIC = r"(?:'[^'\r\n]{0,2000}'|[^\s'!|,;\"]{1,500})"
_QUOTED_DDE = r"(?<![\w.])[A-Za-z_][\w.]{0,63}\s*\|\s*'[^'\r\n]{0,2000}'\s*!"
_DDE = re.compile(rf"(?<![\w.])[A-Za-z_][\w.]{{0,63}}\s*\|\s*{_TOPIC}\s*!\s*['\"$\w]")
_SENDS = re.compile(
    r"\b(?:WEBSERVICE|IMPORTXML|IMPORTDATA|IMPORTHTML|IMPORTFEED|IMPORTRANGE|IMAGE|RTD|DDE|CALL|REGISTER\.ID)\s*\(",
    re.IGNORECASE,
)
_PROGRAMS = frozenset({"DDE", "CALL", "REGISTER.ID", "RTD"})
_HYPERLINK = re.compile(r"\bHYPERLINK\s*\(([^\r\n]{0,2000})", re.IGNORECASE)
_STRING = re.compile(r"\"((?:[^\"]|\"\"){0,1000})\"")
_JOINED = re.compile(r"&|\b(?:CONCAT|CONCATENATE|TEXTJOIN)\s*\(", re.IGNORECASE)
_CELL = re.compile(r"(?:^|[,;\t])[ \t\u00a0\"']*([=+\-@])")
_CALL = re.compile(r"[=+\-@][\s=+\-@(]*[A-Za-z.]{2,30}\s*\(")
_BEFORE = r"(?:[0-9A-Za-z_()+\-*/^&.:\"$%<>=@ \t]|\([^()\r\n]{0,100}\)){0,200}?"
_PLAIN_DDE = re.compile(rf"[=@]{_BEFORE}{_DDE.pattern}|[+\-]{_BEFORE}{_QUOTED_DDE}")
_SYLK_RUNS = re.compile(
    r"^(?:NN;N\s*AUTO_(?:OPEN|CLOSE|ACTIVATE)|.{0,200};E.{0,500}?(?:EXEC|CALL|REGISTER|RUN)\()",
    re.IGNORECASE | re.MULTILINE,
)


def examine_formula(formula: str, place: str, finds: Finds) -> None:
    """Judge one formula, with or without its `=`; `place` names its sheet or cell."""
    if dde := _DDE.search(formula):
        finds.add(ActiveKind.DDE, place, f"công thức {formula[dde.start() :]}")
    for sends in _SENDS.finditer(formula):
        name = sends[0].rstrip(" (").upper()
        kind = ActiveKind.DDE if name in _PROGRAMS else ActiveKind.EXTERNAL_LINK
        finds.add(kind, place, f"công thức {formula[sends.start() :]}")
    for link in _HYPERLINK.finditer(formula):
        _linked(link[1], place, finds)


def examine_cells(text: str, finds: Finds) -> None:
    """Judge the cells of a table in plain text (csv), and of a workbook in text form (SYLK) under that name."""
    if text.lstrip("\ufeff").startswith("ID;") and (runs := _SYLK_RUNS.search(text)):
        finds.add(ActiveKind.XLM_MACRO, "bảng tính dạng SYLK", runs[0])
    for number, line in enumerate(text.splitlines(), 1):
        for cell in _CELL.finditer(line[:LONGEST_LINE]):
            _examine_cell(line[cell.start(1) : LONGEST_LINE], f"dòng {number}", finds)


def _examine_cell(formula: str, place: str, finds: Finds) -> None:
    """A cell of plain text: prose that names a service or a function later on is no formula."""
    if dde := _PLAIN_DDE.match(formula):
        finds.add(ActiveKind.DDE, place, f"công thức {dde[0]}")
    elif _CALL.match(formula):
        examine_formula(formula.replace('""', '"'), place, finds)


def _linked(argument: str, place: str, finds: Finds) -> None:
    """HYPERLINK sends cells away where its address, on the web or a share, is put together from them."""
    strings = _STRING.findall(argument)
    outside = any(reach_of(string) is not Reach.LOCAL for string in strings[:1])
    program = any(reach_of(string) is Reach.PROGRAM for string in strings[:1])
    address = argument
    if strings:
        address = re.split(r"[,;](?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", argument, maxsplit=1)[0]
    if program:
        finds.add(ActiveKind.LAUNCH, place, f"liên kết {argument}")
    elif outside and _JOINED.search(address):
        finds.add(ActiveKind.EXTERNAL_LINK, place, f"liên kết {argument}")
