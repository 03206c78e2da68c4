"""What the sender declares of documents, files and pages, and whether it is what came (Điều 11 khoản 1 điểm a).

Read from what he newly wrote and from messages of exchange. Only clear declarations count: figures after `gồm`, `kèm
theo` and the like, or after a number and notation; what he asks for, and what is on paper, is no declaration.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gateway.model.exchange import ExchangeMessage
from gateway.model.part import CARRIES_DOCUMENT, ParsedMail, PartDecision
from gateway.policy.case import Examined
from gateway.policy.grouping import Grouped
from gateway.policy.header.text import clean, fold, plain_punctuation
from gateway.policy.sources.claim import Difference
from gateway.policy.sources.confront import Confronted
from gateway.policy.sources.mail_words import IDENTIFIER
from gateway.policy.sources.same import same

_MOST_LINES, _LONGEST_LINE = 500, 1_000
_FIGURE = r"(\d{1,4})(?!\d|[/.,]\d)(?: ?\([a-z ]{2,30}\))?"
_OTHER_PAGES = r"(?! (?:thiet|web|mang|tin|trai|bi)\b)"
# `01 file pdf, 01 file word` counts each sort by itself.
_OF_A_SORT = r"(?! (?:pdf|word|excel|docx?|xlsx?|scan|anh|zip|rar)\b)"
_UNIT = (
    rf"(van ban(?! giay)|tep(?: tin)?(?: van ban)?{_OF_A_SORT}|files?{_OF_A_SORT}|tai lieu|phu luc|trang{_OTHER_PAGES})"
)
_COUNTED = rf"{_FIGURE} {_UNIT}\b"
_TO_WHOM = r"(?: (?!(?:trong|ve|theo|cua|y|tai|gop|tra|lai|truoc|hom|duoc|co(?= \d))\b)[a-z]+){0,8}"
_THIS = r"(?: (?:day|(?:thu|email|mail|cong van|van ban|quyet dinh|ho so)(?: dien tu)? nay))?(?: la)?"
_LEAD = rf"(?:gom(?: co)?|bao gom|kem theo{_THIS}|dinh kem{_THIS}|gui{_TO_WHOM}|tong (?:so|cong)(?: la)?)"
_LIST = re.compile(rf"\b{_LEAD} ?:? ?((?:{_COUNTED}(?:,? (?:va|voi)?|[,;+/]| )? ?){{1,4}})")
_LABELLED = re.compile(
    r"\b(?:so luong|tong so|so(?! van)) (van ban|tep(?: tin)?|file|trang)(?: (?:kem theo|dinh kem))? ?[:=] ?"
    r"(\d{1,4})(?![\d/.,-])"
)
_FOLLOWED = re.compile(rf"(?<![\w/.,-]){_COUNTED} (?:nay )?(?:duoc )?(?:dinh kem|gui kem|kem theo)\b")
_IN_WORDS = re.compile(
    rf"\b(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi)(?: [a-z]{{2,5}})? ?\((\d{{1,4}})\) (?={_UNIT}\b)"
)
_OF_ONE = re.compile(rf"[^.;\n]{{0,120}}?\b(\d{{1,4}})(?: ?\([a-z ]{{2,30}}\))? trang\b{_OTHER_PAGES}")
_NO_DECLARATION = re.compile(
    r"\b(?:de nghi|yeu cau|mong|vui long|phai|can|se|thieu|chua|khong|da (?:gui|ban hanh|nhan)|truoc day|hom truoc|"
    r"theo quy dinh|quy dinh tai|da duoc|xu ly|phan mem|he thong|moi lan|toi da|lan \d|trong (?:thang|quy|nam|ky)|"
    r"quy (?:so|co quan|don vi|ban|vi|phong|bo|ong|ba) (?:vua |co )?gui|ban giay|bang giay|"
    r"qua (?:duong )?buu (?:dien|chinh))\b"
)
# What is but a piece of a document: its pages and appendices are no count of the document's.
_PIECE = re.compile(r"\b(?:phu luc|danh sach|bieu|bang|ban ve|thuyet minh|de an|du an|du thao)\b[^,;]{0,40}$")
_WITH = re.compile(rf"(?:\d|\bvan ban|\bcong van)(?: [^.;]{{0,60}})? (?:va|kem(?: theo)?|cung) {_FIGURE} phu luc\b")
# A subject that answers, or is the document's own title, declares nothing.
_TITLE = re.compile(r"^\W*re\b|\b(?:v ?/ ?v|ve viec)\b")
_UNCOUNTED = "không xác định được số trang của mọi tệp"
_UNITS = {
    "van ban": "documents",
    "tai lieu": "files",
    "tep": "files",
    "file": "files",
    "phu luc": "appendices",
    "trang": "pages",
}
_OF_A_PIECE = frozenset({"pages", "appendices"})
"""What a piece of a document, or a document that is only cited, may have of its own."""


@dataclass(frozen=True, slots=True)
class _Declared:
    unit: str
    count: int


def differences(documents: Sequence[Confronted], files: Sequence[Examined], parsed: ParsedMail) -> Iterator[Difference]:
    """Every declaration that is not so, and those that cannot be compared, each once."""
    if not documents:
        return
    grouped = [document.grouped for document in documents]
    messages = [(place, document.message) for place, document in enumerate(documents) if document.message is not None]
    subject, text = _folded(parsed.subject), _folded(parsed.authored.text)
    lines = [*(line for line in subject if not _TITLE.search(line)), *text]
    told: dict[Difference, None] = {}
    pages = dict(_pages_of_each(grouped, parsed))
    for place, count in pages.items():
        told.update(dict.fromkeys(_of_pages("lời thư", count, grouped[place])))
    for declared in _declared(lines, grouped):
        if declared.unit != "pages":
            told.update(dict.fromkeys(_of_the_whole(declared, grouped, files, parsed)))
        elif not pages:
            told.update(dict.fromkeys(_of_all_pages(declared.count, grouped)))
    for place, message in messages:
        if message.pages:
            told.update(dict.fromkeys(_of_pages("thông điệp edXML", message.pages, grouped[place])))
        told.update(dict.fromkeys(_of_listed(message, parsed)))
    yield from told


def _folded(text: str) -> list[str]:
    lines = text.splitlines()[:_MOST_LINES]
    return [re.sub(r"\s+", " ", fold(plain_punctuation(clean(line[:_LONGEST_LINE])))) for line in lines]


def _declared(lines: Iterable[str], grouped: Sequence[Grouped]) -> Iterator[_Declared]:
    """Each unit once, as it was first declared; what another document has, which is but cited, declares nothing."""
    seen: set[str] = set()
    for line in lines:
        for sentence in re.split(r"[.;!?](?:\s|$)", line):
            if _NO_DECLARATION.search(sentence):
                continue
            cited = any(
                not any(_bears(each, one["number"], one["notation"]) for each in grouped)
                for one in IDENTIFIER.finditer(sentence)
            )
            for unit, count in _counts_in(_IN_WORDS.sub(r"\1 ", sentence)):
                if count and unit not in seen and not (cited and unit in _OF_A_PIECE):
                    seen.add(unit)
                    yield _Declared(unit, count)


def _counts_in(sentence: str) -> Iterator[tuple[str, int]]:
    for found in _LABELLED.finditer(sentence):
        yield _unit(found[1]), int(found[2])
    for found in _LIST.finditer(sentence):
        of_a_piece = _PIECE.search(sentence[: found.start()]) is not None
        for counted in re.finditer(_COUNTED, found[1]):
            if not (of_a_piece and _unit(counted[2]) in _OF_A_PIECE):
                yield _unit(counted[2]), int(counted[1])
    for found in _WITH.finditer(sentence):
        if not _PIECE.search(sentence[: found.start(1)]):
            yield "appendices", int(found[1])
    for found in _FOLLOWED.finditer(sentence):
        if _unit(found[2]) not in _OF_A_PIECE:
            yield _unit(found[2]), int(found[1])


def _unit(word: str) -> str:
    return next(unit for start, unit in _UNITS.items() if word.startswith(start))


def _pages_of_each(grouped: Sequence[Grouped], parsed: ParsedMail) -> Iterator[tuple[int, int]]:
    """The pages declared for a document right after its number and notation."""
    for line in parsed.authored.text.splitlines()[:_MOST_LINES]:
        plain = plain_punctuation(clean(line[:_LONGEST_LINE]))
        folded = fold(plain)
        if _NO_DECLARATION.search(folded):
            continue
        named = list(IDENTIFIER.finditer(plain))
        ends = [*(following.start() for following in named[1:]), len(folded)]
        for found, end in zip(named, ends if named else (), strict=True):
            told = _OF_ONE.match(folded, found.end(), end)
            for place, each in enumerate(grouped if told else ()):
                if told and _bears(each, found["number"], found["notation"]):
                    yield place, int(told[1])


def _bears(each: Grouped, number: str, notation: str) -> bool:
    header = each.entry.header
    if header.number is None or header.notation is None:
        return False
    return bool(same("number", header.number, number)) and same("notation", header.notation, notation) is not False


def _of_the_whole(
    declared: _Declared, grouped: Sequence[Grouped], files: Sequence[Examined], parsed: ParsedMail
) -> Iterator[Difference]:
    """Senders call a file a document, and an archive or message one file: what any of these counts gives is right."""
    documents, carried = len(grouped), len(files)
    attached = sum(_is_attached(part.path, part.decision, parsed) for part in parsed.parts)
    appendices = sum(len(each.appendices) for each in grouped)
    if declared.unit == "documents" and declared.count not in {documents, carried, attached}:
        yield Difference("lời thư", f"{declared.count} văn bản", f"{documents} văn bản ({carried} tệp)")
    elif declared.unit == "files" and declared.count not in {carried, attached, appendices or carried}:
        yield Difference("lời thư", f"{declared.count} tệp", f"{carried} tệp")
    elif declared.unit == "appendices" and declared.count > appendices:
        # One file may hold several appendices, also the document's own: only a single page surely has none.
        surely = not appendices and all(each.entry.files[0].pages == 1 for each in grouped)
        found = "không có tệp phụ lục nào" if surely else ""
        apart = f"chỉ có {appendices} tệp" if appendices else "không có tệp nào"
        unclear = f"{apart} kèm theo văn bản; phụ lục có thể nằm trong cùng một tệp"
        yield Difference("lời thư", f"{declared.count} phụ lục", found, unclear="" if surely else unclear)


def _is_attached(path: str, decision: PartDecision, parsed: ParsedMail) -> bool:
    """Whether a part is what a sender sees as one file: a document, or an archive or message around some."""
    opened = {
        part.path
        for part in parsed.parts
        if part.decision is PartDecision.CONTAINER
        and part.sha256
        and not part.type.startswith(("multipart/", "message/"))
    }
    inside = any(path.startswith(f"{container}.") for container in opened)
    return not inside and (decision in CARRIES_DOCUMENT or path in opened)


def _of_pages(called: str, count: int, each: Grouped) -> Iterator[Difference]:
    """Pages declared for one document: those of its main file, or of all its files together."""
    entry = each.entry
    document = entry.files[0].name or None
    main, all_pages = entry.files[0].pages, [file.pages for file in entry.files]
    known = [pages for pages in all_pages if pages is not None]
    if count in {main, sum(known)}:
        return
    declared = f"văn bản {entry.header.identifier} có {count} trang" if entry.header.identifier else f"{count} trang"
    if main is None or (len(known) < len(all_pages) and count > main):
        yield Difference(called, declared, "", document, _UNCOUNTED)
    else:
        total = f", cả tệp kèm theo {sum(known)} trang" if len(known) > 1 else ""
        yield Difference(called, declared, f"{main} trang{total}", document)


def _of_all_pages(count: int, grouped: Sequence[Grouped]) -> Iterator[Difference]:
    """Pages declared for all: of the main files, with or without what goes with them."""
    main = [each.entry.files[0].pages for each in grouped]
    every = [file.pages for each in grouped for file in each.entry.files]
    known, known_main = [p for p in every if p is not None], [p for p in main if p is not None]
    if count in {sum(known), sum(known_main)} or count in known_main:
        return
    if len(known_main) < len(main) or (len(known) < len(every) and count > sum(known_main)):
        yield Difference("lời thư", f"{count} trang", "", unclear=_UNCOUNTED)
    else:
        yield Difference("lời thư", f"{count} trang", f"{sum(known)} trang")


def _of_listed(message: ExchangeMessage, parsed: ParsedMail) -> Iterator[Difference]:
    """The files in a message's manifest: in the message, or attached beside it."""
    here = {part.name.casefold() for part in parsed.parts if part.name}
    inside = sum(part.path.startswith(f"{message.path}.") for part in parsed.parts)
    missing = [name for name in message.listed if name.casefold() not in here]
    if missing and inside < len(message.listed):
        names = ", ".join(f"“{name}”" for name in missing[:5])
        yield Difference("thông điệp edXML", f"{len(message.listed)} tệp", f"không có {names}")
