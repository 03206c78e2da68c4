"""XML parts of office documents: fields, formulas, DDE links, data connections, actions of slides."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gateway.adapters.active.finds import Finds
from gateway.adapters.active.formulas import examine_formula
from gateway.adapters.active.links import Reach, reach_of
from gateway.adapters.active.word_fields import examine_field, nested
from gateway.adapters.active.xml_events import Attributes, BrokenXml, attribute, mentions, parse
from gateway.model.facts import ActiveKind

LARGEST_READ = 128_000_000
_CODES = frozenset({"instrText", "delInstrText"})
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula"})
_WORDS = (
    *(b"instrText", b"nstrText", b"fldSimple", b"ddeLink", b"webPr", b"dbPr", b"ppaction", b"oleLink"),
    *(b":f>", b":f ", b"<f>", b"<f ", b"<f\n", b"<f\t", b"<f\r", b"ormula", b"definedName", b"<!DOCTYPE", b"<!ENTITY"),
)
_FORMULA_SIGNS = "|("
_ACTIONS = frozenset({"hlinkClick", "hlinkHover", "hlinkMouseOver"})
_RUNS = ("ppaction://program", "ppaction://macro", "ppaction://ole")
_REACHES_OUT = re.compile(
    rb"(?i)[|]|&#|<!|<[?](?!xml)|WEBSERVICE|HYPERLINK|IMPORT|IMAGE|RTD|DDE|CALL|REGISTER|webPr|dbPr|instrText|fldSimple|ppaction"
)
_OFF = frozenset({"0", "false", "off", ""})


def examine_part(content: bytes, place: str, finds: Finds) -> None:
    """Judge one XML part. Raises HostileXml, or BrokenXml where what came after the damage is not known."""
    if len(content) > LARGEST_READ:
        raise BrokenXml
    if not mentions(content, _WORDS) or (b"\0" not in content[:400] and not _REACHES_OUT.search(content)):
        return
    reader = _Reader(place, finds)
    try:
        parse(content, start=reader.start, end=reader.end, text=reader.text)
    finally:
        reader.finish()


@dataclass(slots=True)
class _Reader:
    """Joins codes over runs and formulas over pieces. A field runs from its `begin` to its `separate` or `end`."""

    place: str
    finds: Finds
    fields: list[list[str]] = field(default_factory=list)
    coding: list[bool] = field(default_factory=list)
    collected: list[str] | None = None
    in_code: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "fldChar":
            self._mark(attribute(attributes, "fldCharType"))
        elif name == "fldSimple":
            examine_field(attribute(attributes, "instr"), self.place, self.finds)
        elif name in _CODES:
            self.in_code = True
        elif name in _FORMULAS:
            self.collected = []
        elif name == "ddeLink":
            told = "|".join(attribute(attributes, name) for name in ("ddeService", "ddeTopic"))
            self.finds.add(ActiveKind.DDE, self.place, f"liên kết {told}")
        elif name in ("webPr", "dbPr", "connection"):
            self._connection(name, attributes)
        elif name in _ACTIONS and attribute(attributes, "action").lower().startswith(_RUNS):
            self.finds.add(ActiveKind.LAUNCH, self.place, attribute(attributes, "action"))

    def end(self, name: str) -> None:
        if name in _CODES:
            self.in_code = False
        elif name in _FORMULAS and self.collected is not None:
            formula = "".join(self.collected)
            self.collected = None
            if any(sign in formula for sign in _FORMULA_SIGNS):
                examine_formula(formula, self.place, self.finds)

    def text(self, data: str) -> None:
        if self.in_code:
            if not self.fields:
                self._mark("begin")
            self.fields[-1].append(data)
        elif self.collected is not None:
            self.collected.append(data)

    def finish(self) -> None:
        """Judge fields that never ended."""
        while self.fields:
            self._mark("end")

    def _mark(self, kind: str) -> None:
        if kind == "begin":
            self.fields.append([])
            self.coding.append(True)
        elif kind == "separate" and self.coding:
            self.coding[-1] = False
        elif kind == "end" and self.fields:
            code = "".join(self.fields.pop())
            self.coding.pop()
            examine_field(code, self.place, self.finds)
            if self.fields and self.coding[-1]:
                self.fields[-1].append(nested(code))

    def _connection(self, name: str, attributes: Attributes) -> None:
        if name == "webPr":
            self.finds.add(ActiveKind.EXTERNAL_LINK, self.place, "truy vấn web " + attribute(attributes, "url"))
        elif name == "dbPr":
            source = attribute(attributes, "connection")
            self.finds.add(ActiveKind.WORKBOOK_LINK, self.place, f"kết nối dữ liệu {source}")
        elif attribute(attributes, "refreshOnLoad").lower() not in _OFF:
            target = attribute(attributes, "sourceFile") or attribute(attributes, "odcFile")
            if reach_of(target) is not Reach.LOCAL:
                self.finds.add(ActiveKind.EXTERNAL_LINK, self.place, f"kết nối dữ liệu tự cập nhật {target}")
