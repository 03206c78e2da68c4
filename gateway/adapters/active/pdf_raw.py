"""A PDF as bytes: what older revisions, unused objects and damaged ones hold, by the names in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.adapters.active.finds import Finds
from gateway.adapters.active.package import inflate
from gateway.adapters.active.programs import is_document
from gateway.model.facts import ActiveKind

DEEPEST_NESTING = 400
LARGEST_OBJECT = 2_000_000
LARGEST_OBJECT_STREAM = 50_000_000
MOST_UNPACKED = 300_000_000
_OBJECT_WORD = re.compile(rb"obj(?![A-Za-z])")
_NUMBERED = re.compile(rb"([0-9]{1,10})[\s\0]+[0-9]{1,5}[\s\0]+\Z")
_LONGEST_NUMBER, _LONGEST_SPECIFICATION = 40, 2_000
_END = re.compile(rb"endobj|(?<![A-Za-z])stream(?:\r\n|\n|\r)|[0-9][\s\0]+obj(?![A-Za-z])")
_STRING = re.compile(rb"\((?:\\[\x00-\xff]|[^()\\])*\)|%[^\r\n]*")
_HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_DEEP = re.compile(
    rb"(?:\[[\s\0]*){%d}|(?:<<[\s\0]*/[^\s/<>\[\]()]{1,100}[\s\0]*){%d}" % (DEEPEST_NESTING, DEEPEST_NESTING)
)
_FILE_ELSEWHERE = re.compile(rb"/F[\s\0]*([0-9]{1,9})[\s\0]+([0-9]{1,5})[\s\0]+R")
_FILE_NAME = re.compile(rb"/U?F[\s\0]*\(([^()\\]{1,300})\)")
_GAP = rb"[\s\0]*"
_LAUNCH = re.compile(rb"/S" + _GAP + rb"/Launch(?![A-Za-z0-9])")
_SHAPES: tuple[tuple[ActiveKind, re.Pattern[bytes]], ...] = tuple(
    (kind, re.compile(shape))
    for kind, shape in (
        (ActiveKind.JAVASCRIPT, rb"/JS(?![A-Za-z0-9])|/S" + _GAP + rb"/JavaScript(?![A-Za-z0-9])"),
        (ActiveKind.SUBMIT, rb"/S" + _GAP + rb"/(?:SubmitForm|ImportData)(?![A-Za-z0-9])"),
        (ActiveKind.REMOTE, rb"/S" + _GAP + rb"/GoToE(?![A-Za-z0-9])"),
        (ActiveKind.EMBEDDED_FILE, rb"/EF" + _GAP + rb"(?:<<|[0-9])|/Type" + _GAP + rb"/EmbeddedFile(?![A-Za-z0-9])"),
        (ActiveKind.XFA, rb"/XFA" + _GAP + rb"(?:[0-9]|\[" + _GAP + rb"[^\s\]])"),
        (
            ActiveKind.RICH_MEDIA,
            rb"/Subtype" + _GAP + rb"/(?:RichMedia|Movie|3D|Screen)(?![A-Za-z0-9])"
            rb"|/S" + _GAP + rb"/(?:Rendition|Movie|Sound|GoTo3DView|RichMediaExecute)(?![A-Za-z0-9])",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Raw:
    """What the bytes show: kinds by the names in objects, and whether any nests without end."""

    kinds: tuple[ActiveKind, ...]
    deep: bool


def read_raw(content: bytes) -> Raw:
    """Look at every object that stands in the file, of whichever revision, and at those in object streams."""
    kinds: dict[ActiveKind, None] = {}
    files: dict[int, bytes] = {}
    launches: list[bytes] = []
    deep = False
    for number, text in _texts(content):
        names = _HEX_IN_NAME.sub(lambda match: bytes([int(match[1], 16)]), _STRING.sub(b"()", text))
        deep = deep or _DEEP.search(names) is not None
        kinds |= {kind: None for kind, shape in _SHAPES if kind not in kinds and shape.search(names)}
        if _LAUNCH.search(names):
            launches.append(text)
        elif b"/F" in text and len(text) < _LONGEST_SPECIFICATION:
            files[number] = text
    if not all(_opens_document(text, files) for text in launches):
        kinds[ActiveKind.LAUNCH] = None
    return Raw(tuple(kinds), deep)


def tell(raw: Raw, place: str, finds: Finds) -> None:
    """Tell the kinds that only the bytes show; those that are told already are not told again."""
    told = {kept.kind for kept in finds.kept}
    for kind in raw.kinds:
        if kind not in told:
            finds.add(kind, place or "phiên bản trước hoặc phần không dùng đến của tệp")


def _opens_document(launch: bytes, files: Mapping[int, bytes]) -> bool:
    """Whether a Launch action only opens a document near by; its file may stand in an object of its own."""
    if b"/Win" in launch:
        return False
    reference = _FILE_ELSEWHERE.search(launch)
    named = _FILE_NAME.search(files.get(int(reference[1]), b"") if reference else launch)
    return named is not None and is_document(named[1].decode("latin-1"))


def _texts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and text of every object, and the text of object streams and of the trailer, which are numbered 0."""
    left = MOST_UNPACKED
    for match in _OBJECT_WORD.finditer(content):
        numbered = _NUMBERED.search(content, max(0, match.start() - _LONGEST_NUMBER), match.start())
        if numbered is None:
            continue
        end = _END.search(content, match.end(), match.end() + LARGEST_OBJECT)
        text = content[match.end() : end.start() if end else match.end() + LARGEST_OBJECT]
        yield int(numbered[1]), text
        if end is not None and end[0].startswith(b"stream") and left > 0 and _packs_objects(text):
            stop = content.find(b"endstream", end.end(), end.end() + LARGEST_OBJECT_STREAM)
            packed = content[end.end() : stop if stop >= 0 else end.end() + LARGEST_OBJECT_STREAM]
            unpacked = inflate(packed, min(left, LARGEST_OBJECT_STREAM)).content
            left -= max(len(unpacked), len(packed))
            yield 0, unpacked
    trailer = content.rfind(b"trailer")
    if trailer >= 0:
        yield 0, content[trailer : trailer + LARGEST_OBJECT]


def _packs_objects(dictionary: bytes) -> bool:
    names = _HEX_IN_NAME.sub(lambda match: bytes([int(match[1], 16)]), dictionary)
    return b"/ObjStm" in names and b"/FlateDecode" in names
