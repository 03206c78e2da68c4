"""Office documents since 2007 (ISO/IEC 29500): what their relationships reach, and what their parts hold.

Every part of the package is looked at, whether something refers to it or not: what a reader would find and
what it would not are told by different rules in different readers.
"""

from __future__ import annotations

import posixpath
import re
import zipfile

from gateway.adapters.active.compound import SIGNATURE as OLE
from gateway.adapters.active.compound import examine_compound
from gateway.adapters.active.embedded import examine_file
from gateway.adapters.active.finds import Finds
from gateway.adapters.active.office_xml import examine_part
from gateway.adapters.active.package import Member, Package
from gateway.adapters.active.pictures import examine_picture
from gateway.adapters.active.programs import program
from gateway.adapters.active.relations import Relation, examine_relation, relations_of
from gateway.adapters.active.xml_events import BrokenXml, HostileXml
from gateway.model.facts import ActiveKind

_RELATIONS = re.compile(r"(?P<folder>.*?)/?_rels/(?P<part>[^/]*)\.rels", re.IGNORECASE)
_TYPES = "[content_types].xml"
_XML = re.compile(r".*\.(?:xml|vml|rels)", re.IGNORECASE)
_LOOKS_XML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<[?!A-Za-z]|\xff\xfe<\x00|\xfe\xff\x00<|<\x00[?A-Za-z]\x00|\x00<\x00[?A-Za-z]"
)
_PICTURE = re.compile(r".*\.(?:png|jpe?g|jpe|jfif|gif|bmp|dib|tiff?|webp|heic)", re.IGNORECASE)
_BINARIES = re.compile(
    r"(?:.*/)?(?:printersettings\d*|activex\d*|vbadata|metadata|themedata)\.(?:bin|xml)|.*/customproperty/.*",
    re.IGNORECASE,
)
_CHART = re.compile(r"(?:^|/)(?:charts|chartsheets|diagrams)/", re.IGNORECASE)
_DOCUMENTS = re.compile(
    r".*\.(?:docx|xlsx|pptx|docm|xlsm|pptm|xlsb|dotx|dotm|xltx|xltm|sldx|sldm|vsdx|vsdm|ppsx|doc|xls|ppt|vsd)",
    re.IGNORECASE,
)
_MACRO_SHEETS = re.compile(r"(?:.*/)?macrosheets/.*|(?:.*/)?intlmacrosheets/.*", re.IGNORECASE)
_VBA_PART = "vbaproject"


def examine_package(content: bytes, place: str, finds: Finds) -> None:
    """Judge a package; one that is no office document is left to the table of formats."""
    try:
        package = Package(content, place, finds)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        finds.could_not_read(place or "cấu trúc gói nén")
        return
    names = package.names
    if not any(name.lower() == _TYPES for name in names):
        return
    relations: list[Relation] = []
    for number, name in enumerate(names):
        if _RELATIONS.fullmatch(name.replace("\\", "/")):
            relations.extend(_relations(package, number, place, finds))
    for relation in relations:
        examine_relation(relation, place, finds)
    parts = _Parts(relations, place, finds)
    for number in range(len(names)):
        if (member := package.read(number)) is not None:
            parts.examine(member)


def _relations(package: Package, number: int, place: str, finds: Finds) -> list[Relation]:
    member = package.read(number)
    match = _RELATIONS.fullmatch(package.names[number].replace("\\", "/"))
    if member is None or match is None:
        return []
    found, whole = relations_of(member.content, posixpath.join(match["folder"], match["part"]))
    if not whole:
        finds.could_not_read(f"phần {member.name}")
    return found


class _Parts:
    """The parts of one package, each judged by what refers to it and by what it is."""

    def __init__(self, relations: list[Relation], place: str, finds: Finds) -> None:
        self._kinds: dict[str, set[tuple[str, str]]] = {}
        for relation in relations:
            if not relation.external:
                self._kinds.setdefault(relation.part, set()).add((relation.kind, relation.source))
        self._place = place
        self._finds = finds

    def examine(self, member: Member) -> None:
        """Judge one part."""
        name = member.name.replace("\\", "/").lstrip("/")
        of = self._kinds.get(name.lower(), set())
        kinds = {kind for kind, _ in of}
        where = self._place or name
        if _MACRO_SHEETS.fullmatch(name) or kinds & {"xlmacrosheet", "xlintlmacrosheet"}:
            self._finds.add(ActiveKind.XLM_MACRO, where, "trang macro Excel 4")
        if kinds & {"control", "activexcontrol", "activexcontrolbinary"} or "/activex/" in f"/{name.lower()}":
            self._finds.add(ActiveKind.ACTIVEX, where)
        is_xml = _XML.fullmatch(name) is not None or _LOOKS_XML.match(member.content) is not None
        what = "" if is_xml else program(member.content, posixpath.basename(name))
        if what:
            self._finds.add(ActiveKind.EXECUTABLE, where, f"{posixpath.basename(name)} ({what})")
        elif member.content.startswith(OLE):
            self._compound(member.content, kinds, name, of)
        elif _is_project(name, kinds):
            self._finds.add(ActiveKind.MACRO, where, "dự án VBA không đọc được")
        elif kinds & {"afchunk"}:
            self._chunk(member, where)
        elif is_xml:
            self._xml(member, name)
        elif _PICTURE.fullmatch(name):
            examine_picture(member.content, where, self._finds)
        elif not _BINARIES.fullmatch(name):
            self._other(member, name, kinds, of)

    def _compound(self, content: bytes, kinds: set[str], name: str, of: set[tuple[str, str]]) -> None:
        project = _is_project(name, kinds)
        plain = _BINARIES.fullmatch(name) is not None or project or _only_charts(of)
        before = len(self._finds.unread)
        examine_compound(content, self._place or name, self._finds, as_object=not plain)
        if project and len(self._finds.unread) > before:
            self._finds.add(ActiveKind.MACRO, self._place or name, "dự án VBA không đọc được")

    def _chunk(self, member: Member, where: str) -> None:
        """A part that Word converts when it opens the document: any format that it reads."""
        self._finds.add(ActiveKind.OLE_PACKAGE, where, f"nội dung chèn (altChunk) {posixpath.basename(member.name)}")
        self._finds.inside(member.content, where)

    def _xml(self, member: Member, name: str) -> None:
        try:
            examine_part(member.content, self._place or name, self._finds)
        except HostileXml as hostile:
            self._finds.add(ActiveKind.BOMB, self._place or name, str(hostile))
        except BrokenXml:
            self._finds.could_not_read(f"phần {name}")

    def _other(self, member: Member, name: str, kinds: set[str], of: set[tuple[str, str]]) -> None:
        """A part that is neither XML, compound file nor picture: a document, or a file of any kind."""
        where = self._place or name
        if member.content.startswith(b"PK\x03\x04") and (_DOCUMENTS.fullmatch(name) or kinds & {"package"}):
            if not _only_charts(of):
                self._finds.add(ActiveKind.OLE_OBJECT, where, f"tài liệu Office nhúng {posixpath.basename(name)}")
            self._finds.inside(member.content, where)
        elif kinds & {"oleobject", "package"} or "/embeddings/" in f"/{name.lower()}":
            examine_file(member.content, posixpath.basename(name), where, self._finds)
        else:
            self._finds.inside(member.content, where)


def _is_project(name: str, kinds: set[str]) -> bool:
    return "vbaproject" in kinds or posixpath.basename(name).lower().startswith(_VBA_PART)


def _only_charts(of: set[tuple[str, str]]) -> bool:
    return bool(of) and all(_CHART.search(source) for _, source in of)
