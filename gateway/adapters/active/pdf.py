"""PDF files (ISO 32000): scripts, actions, attachments and media, in every object that the file has.

qpdf reads the objects, used or not; what it does not take for an object (older revisions, damage) is looked at as
bytes (`pdf_raw`). Plain links, form fields, signatures and their marks are what official documents have, and no find.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from typing import Any

import pikepdf

from gateway.adapters.active.finds import Finds
from gateway.adapters.active.links import Reach, reach_of
from gateway.adapters.active.package import inflate
from gateway.adapters.active.pdf_raw import read_raw, tell
from gateway.adapters.active.pdf_streams import examine_stream, filters_of
from gateway.adapters.active.programs import is_document, program
from gateway.model.facts import ActiveKind

DEEPEST_DIRECT = 100
LONGEST_CHAIN = 50
LARGEST_ATTACHMENT = 100_000_000
_FILTERS_READ = 30_000_000
_OF_INTEREST = re.compile(
    rb"/(?:JS|JavaScript|Launch|SubmitForm|ImportData|GoToE|GoToR|URI|EF|EmbeddedFile|EmbeddedFiles|Collection|XFA|RichMedia\w*"
    rb"|Movie|Sound|3D|Screen|Rendition|GoTo3DView|Thread|OpenAction|AA|Ref|FFilter|F|Win|FileAttachment)\b"
)
_FORMAT = re.compile(
    r"\s*(?:(?:event\.\w+\s*=\s*)?AF(?:Date|Time|Number|Percent|Special|Simple|Range|Merge|Make)\w*\s*\([^;{}]{0,500}\)\s*;?\s*)+"
)
_MEDIA = frozenset({"/RichMedia", "/Movie", "/Sound", "/3D", "/Screen"})
_MEDIA_ACTIONS = frozenset({"/Rendition", "/Movie", "/Sound", "/GoTo3DView", "/RichMediaExecute"})
_FORM_ACTIONS = {"/SubmitForm": "gửi dữ liệu biểu mẫu", "/ImportData": "nạp dữ liệu vào biểu mẫu"}
_AWAY = {"/URI": "mở địa chỉ", "/GoToR": "mở tệp khác", "/GoToE": "mở tệp đính kèm", "/Thread": "mở tệp khác"}
_SCHEME = re.compile(r"\s*(?:javascript|vbscript)\s*:", re.IGNORECASE)


def examine_pdf(content: bytes, place: str, finds: Finds) -> None:
    """Judge a PDF. One that needs a password is told by its dictionaries only; that it is locked is told elsewhere."""
    raw = read_raw(content)
    if raw.deep:
        finds.add(ActiveKind.BOMB, place, "đối tượng PDF lồng nhau quá sâu")
    else:
        _examine_objects(content, place, finds)
    tell(raw, place, finds)


def _examine_objects(content: bytes, place: str, finds: Finds) -> None:
    try:
        document = pikepdf.open(io.BytesIO(content), suppress_warnings=True)
    except pikepdf.PasswordError:
        return
    except pikepdf.PdfError:
        finds.could_not_read(place or "cấu trúc PDF")
        return
    with document:
        _Document(document, place, finds).examine()


class _Document:
    def __init__(self, document: pikepdf.Pdf, place: str, finds: Finds) -> None:
        self._document = document
        self._place = place
        self._finds = finds
        self._attached: set[tuple[int, int]] = set()

    def examine(self) -> None:
        """Every object, and the catalog for what begins on opening."""
        for number, each in enumerate(self._document.objects):
            try:
                self._object(each)
            except (pikepdf.PdfError, ValueError, TypeError, RecursionError, OverflowError):
                self._finds.could_not_read(f"đối tượng PDF thứ {number + 1}")
        self._attempt(lambda: self._dictionary(self._document.trailer, 0))

    def _attempt(self, work: Callable[[], object]) -> None:
        try:
            work()
        except (pikepdf.PdfError, ValueError, TypeError, RecursionError, OverflowError):
            self._finds.could_not_read("đối tượng PDF")

    def _object(self, each: Any) -> None:
        if isinstance(each, pikepdf.Stream):
            examine_stream(each, self._place, self._finds)
            if each.get("/Type") == "/EmbeddedFile":
                self._attachment(each, "")
            if _OF_INTEREST.search(each.stream_dict.unparse(resolved=True)):
                self._dictionary(each.stream_dict, 0)
        elif isinstance(each, (pikepdf.Dictionary, pikepdf.Array)) and _OF_INTEREST.search(each.unparse(resolved=True)):
            self._walk(each, 0)

    def _walk(self, each: Any, depth: int) -> None:
        """Direct objects inside this one; indirect ones come by themselves."""
        if depth > DEEPEST_DIRECT:
            self._finds.could_not_read("đối tượng PDF lồng nhau")
        elif isinstance(each, pikepdf.Dictionary):
            self._dictionary(each, depth)
        elif isinstance(each, pikepdf.Array):
            self._below(each, depth)

    def _below(self, children: Iterable[Any], depth: int) -> None:
        for child in children:
            if isinstance(child, (pikepdf.Dictionary, pikepdf.Array)) and not child.is_indirect:
                self._walk(child, depth + 1)

    def _dictionary(self, each: Any, depth: int) -> None:
        self._action(each)
        self._carried(each)
        self._shown(each)
        for key in ("/OpenAction", "/AA"):
            if key in each:
                self._automatic(each[key], key)
        self._below((each[key] for key in each.keys()), depth)  # noqa: SIM118 - a pikepdf dictionary iterates differently

    def _action(self, each: Any) -> None:
        kind = _name(each.get("/S"))
        if "/JS" in each or kind == "/JavaScript":
            self._script(each.get("/JS"))
        if kind == "/Launch":
            self._launch(each)
        elif kind in _FORM_ACTIONS:
            self._add(ActiveKind.SUBMIT, _FORM_ACTIONS[kind], _file_name(each.get("/F")))
        elif kind in _MEDIA_ACTIONS:
            self._add(ActiveKind.RICH_MEDIA, "phát đa phương tiện", kind)
        elif kind == "/GoToE":
            self._add(ActiveKind.REMOTE, "mở tệp đính kèm")
        elif kind == "/GoToR" and reach_of(_file_name(each.get("/F"))) is not Reach.LOCAL:
            self._add(ActiveKind.REMOTE, "mở tệp ở máy khác", _file_name(each.get("/F")))
        elif kind == "/URI":
            self._address(_text(each.get("/URI")))

    def _launch(self, action: Any) -> None:
        """A click that opens a document near by is how older programs wrote a link between files."""
        target = _launched(action)
        kind = ActiveKind.WORKBOOK_LINK if is_document(target) and "/Win" not in action else ActiveKind.LAUNCH
        self._add(kind, "lệnh mở tệp", target)

    def _address(self, target: str) -> None:
        """A link that a person follows is ordinary, unless it runs a script or starts a program."""
        if _SCHEME.match(target):
            self._add(ActiveKind.JAVASCRIPT, "liên kết chạy kịch bản", target)
        elif reach_of(target) is Reach.PROGRAM:
            self._add(ActiveKind.LAUNCH, "liên kết mở chương trình", target)

    def _script(self, script: Any) -> None:
        source = _script_text(script)
        if _FORMAT.fullmatch(source):
            self._add(ActiveKind.JAVASCRIPT, "ô biểu mẫu", "kịch bản định dạng ô")
        else:
            self._add(ActiveKind.JAVASCRIPT, "kịch bản", source)

    def _automatic(self, trigger: Any, key: str) -> None:
        """What happens on opening or turning a page: going elsewhere by itself is no link any more."""
        if not isinstance(trigger, pikepdf.Dictionary):
            return
        actions = [trigger] if key == "/OpenAction" else [trigger[event] for event in trigger.keys()]  # noqa: SIM118
        for first in actions:
            todo, seen = [first], 0
            while todo and seen < LONGEST_CHAIN:
                action = todo.pop()
                seen += 1
                if isinstance(action, pikepdf.Array):
                    todo.extend(list(action)[:LONGEST_CHAIN])
                elif isinstance(action, pikepdf.Dictionary):
                    self._away(action)
                    if "/Next" in action:
                        todo.append(action["/Next"])

    def _away(self, action: Any) -> None:
        kind = _name(action.get("/S"))
        if kind == "/Launch":
            self._add(ActiveKind.LAUNCH, "lệnh tự mở tệp", _launched(action))
        if kind in _AWAY and (kind != "/Thread" or "/F" in action):
            target = _text(action.get("/URI")) or _file_name(action.get("/F"))
            self._add(ActiveKind.REMOTE, f"tự {_AWAY[kind]}", target)

    def _carried(self, each: Any) -> None:
        """Attachments, forms in XML, and content that stands in another file."""
        files = each.get("/EF")
        if isinstance(files, pikepdf.Dictionary):
            streams = [files[key] for key in files.keys() if isinstance(files[key], pikepdf.Stream)]  # noqa: SIM118
            for stream in streams[:1]:
                self._attachment(stream, _file_name(each))
            if not streams:
                self._add(ActiveKind.EMBEDDED_FILE, "tệp đính kèm", _file_name(each))
        if isinstance(each.get("/Collection"), pikepdf.Dictionary):
            self._add(ActiveKind.EMBEDDED_FILE, "danh mục tệp (portfolio)")
        form = each.get("/XFA")
        if isinstance(form, pikepdf.Stream) or (isinstance(form, pikepdf.Array) and len(form)):
            self._add(ActiveKind.XFA, "biểu mẫu XFA")
        if ("/FFilter" in each or "/Length" in each) and "/F" in each and _file_name(each.get("/F")):
            self._add(ActiveKind.REMOTE, "nội dung lấy từ tệp khác", _file_name(each.get("/F")))
        reference = each.get("/Ref")
        if isinstance(reference, pikepdf.Dictionary) and "/F" in reference and each.get("/Subtype") == "/Form":
            self._add(ActiveKind.REMOTE, "trang lấy từ tệp khác", _file_name(reference.get("/F")))

    def _shown(self, each: Any) -> None:
        kind = _name(each.get("/Subtype"))
        if kind in _MEDIA and ("/Rect" in each or each.get("/Type") == "/Annot"):
            self._add(ActiveKind.RICH_MEDIA, "đa phương tiện", kind)

    def _attachment(self, stream: Any, name: str) -> None:
        if stream.objgen in self._attached and not name:
            return
        self._attached.add(stream.objgen)
        content, whole = _attached(stream)
        what = program(content, name)
        if what:
            self._finds.add(ActiveKind.EXECUTABLE, self._place or "tệp đính kèm", f"{name or 'không tên'} ({what})")
        self._add(ActiveKind.EMBEDDED_FILE, "tệp đính kèm", name)
        if not whole:
            self._finds.could_not_read(f"tệp đính kèm {name}")
        elif not what:
            self._finds.inside(content, name or "tệp đính kèm")

    def _add(self, kind: ActiveKind, place: str, detail: str = "") -> None:
        self._finds.add(kind, self._place or place, detail)


def _attached(stream: Any) -> tuple[bytes, bool]:
    filters = filters_of(stream)
    raw = stream.read_raw_bytes()
    if filters == ["/FlateDecode"] and "/DecodeParms" not in stream:
        inflated = inflate(raw, LARGEST_ATTACHMENT)
        return inflated.content, inflated.whole
    if not filters:
        return raw, True
    return (stream.read_bytes(), True) if len(raw) < _FILTERS_READ and len(filters) == 1 else (raw, False)


def _launched(action: Any) -> str:
    """What a Launch action starts: its file, or the program and its arguments for Windows."""
    windows = action.get("/Win")
    if isinstance(windows, pikepdf.Dictionary):
        return " ".join(_text(windows.get(key)) for key in ("/F", "/P"))
    return _file_name(action.get("/F"))


def _file_name(specification: Any) -> str:
    """The name in a file specification, which is a string or a dictionary."""
    if isinstance(specification, pikepdf.String):
        return str(specification)
    if isinstance(specification, pikepdf.Dictionary):
        return next((_text(specification[key]) for key in ("/UF", "/F", "/Unix", "/DOS") if key in specification), "")
    return ""


def _script_text(script: Any) -> str:
    if isinstance(script, pikepdf.Stream):
        content, _ = _attached(script)
        return content[:100_000].decode(
            "utf-16" if content.startswith((b"\xfe\xff", b"\xff\xfe")) else "latin-1", "replace"
        )
    return _text(script)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.String) else ""


def _name(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""
