"""Relationships of an office package (ISO/IEC 29500-2 clause 9): what leads out of it, and by what."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from gateway.adapters.active.finds import Finds
from gateway.adapters.active.links import Reach, reach_of
from gateway.adapters.active.xml_events import Attributes, BrokenXml, HostileXml, attribute, parse
from gateway.model.facts import ActiveKind

_RUN_ON_OPENING = frozenset({"attachedtemplate", "oleobject", "frame", "afchunk", "package", "control", "vbaproject"})
_WORKBOOKS = frozenset(
    {
        "externallinkpath",
        "externallink",
        "externallinklongpath",
        "xlpathmissing",
        "xlalternate",
        "xllibrary",
        "xlstartup",
    }
)
_NEVER = frozenset({"hyperlink"})
_TASK_PANES = frozenset({"webextensiontaskpanes", "webextension"})
_NAMED = {
    "attachedtemplate": "mẫu văn bản",
    "oleobject": "đối tượng liên kết",
    "frame": "khung",
    "subdocument": "văn bản con",
    "image": "hình liên kết",
    "afchunk": "nội dung chèn",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship. `kind` is the last word of its type, lower case; `part` the part meant, if inside."""

    source: str
    kind: str
    target: str
    external: bool
    part: str


def relations_of(content: bytes, source: str) -> tuple[list[Relation], bool]:
    """The relationships of the part `source`, and whether their list could be read to its end."""
    found: list[Relation] = []

    def start(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            target = attribute(attributes, "Target")
            external = attribute(attributes, "TargetMode").strip().lower() == "external"
            kind = attribute(attributes, "Type").rstrip("/").rpartition("/")[2].lower()
            path = target.replace("\\", "/")
            part = path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(source), path)
            found.append(Relation(source, kind, target, external, posixpath.normpath(part).lower()))

    try:
        parse(content, start=start)
    except (BrokenXml, HostileXml):
        return found, False
    return found, True


def examine_relation(relation: Relation, place: str, finds: Finds) -> None:
    """Judge one relationship by where it leads; those that stay inside are judged with their parts."""
    where = place or relation.source
    if relation.kind in _TASK_PANES and not relation.external:
        finds.add(ActiveKind.EXTERNAL_LINK, where, "phần bổ trợ web tự mở")
    if not relation.external and reach_of(relation.target) is Reach.LOCAL:
        return
    detail = f"{_NAMED.get(relation.kind, relation.kind)}: {relation.target}"
    reach = reach_of(relation.target)
    if reach is Reach.PROGRAM:
        finds.add(ActiveKind.LAUNCH if relation.kind in _NEVER else ActiveKind.EXTERNAL_TEMPLATE, where, detail)
    elif relation.kind in _NEVER:
        return
    elif relation.kind in _WORKBOOKS:
        web = reach is Reach.REMOTE and "://" in relation.target and not relation.target.lower().startswith("file:")
        finds.add(ActiveKind.EXTERNAL_LINK if web else ActiveKind.WORKBOOK_LINK, where, detail)
    elif reach is Reach.REMOTE:
        kind = ActiveKind.EXTERNAL_TEMPLATE if relation.kind in _RUN_ON_OPENING else ActiveKind.EXTERNAL_LINK
        finds.add(kind, where, detail)
    elif relation.kind in ("oleobject", "package"):
        finds.add(ActiveKind.WORKBOOK_LINK, where, detail)
    elif relation.kind in ("subdocument", "frame", "afchunk"):
        finds.add(ActiveKind.EXTERNAL_LINK, where, detail)
