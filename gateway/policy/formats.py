"""Which file formats a document may have (Điều 5 khoản 5 điểm c), as a table over true type and name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

_EXTENSION = re.compile(r"\.([a-z0-9]{1,5})\Z")
_NOTED_EXTENSION = re.compile(r"[a-z0-9][a-z0-9_-]{0,23}(?:\.[a-z0-9]{1,5})?")
_ENDING = ". \t\u00a0"
_TEXT = "text/plain"
_SHAPELESS = "application/octet-stream"
_EMPTY = "application/x-empty"
_LIVE_PICTURE = "image/svg+xml"
_OWN_KEYS = frozenset({"name", "extensions", "media_types"})
_ALLOWED_KEYS = frozenset({"media_types_by_name", "damaged", "companions", "companion_media_types"})
_REFUSED_KEYS = frozenset({"runs"})


class FormatAnswer(StrEnum):
    """NAME_DIFFERS: the content is of an allowed format, but the name claims another one. HELD: nobody can tell what
    is inside, a person decides.
    """

    ALLOWED = "allowed"
    NAME_DIFFERS = "name_differs"
    HELD = "held"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class Format:
    """A row of the table. `name` is Vietnamese; the first extension is the usual one; `remedy` only where refused.

    Content of a type in `by_name` is taken where the file name has one of the extensions, for it
    tells no more by itself; `damaged` are the types as which a damaged file of this format shows. Files with the
    extensions of `companions` and content of `companion_types` are taken beside a file of this format and of the same
    name. `runs` marks programs: no name of theirs is ever taken, whatever the content.
    """

    name: str
    extensions: tuple[str, ...]
    media_types: tuple[str, ...]
    remedy: str = ""
    by_name: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()
    companion_types: tuple[str, ...] = ()
    runs: bool = False


@dataclass(frozen=True, slots=True)
class FormatVerdict:
    """What the table says of a file; `text` and `remedy` are Vietnamese, empty where it is allowed."""

    answer: FormatAnswer
    format: Format | None
    text: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class FormatTable:
    """The allowed formats, those refused by name with their own remedy, and those that a person must see.

    What stands in none of them is refused.
    """

    allowed: tuple[Format, ...]
    refused: tuple[Format, ...]
    held: tuple[Format, ...] = ()

    @classmethod
    def from_rows(
        cls,
        allowed: Iterable[Mapping[str, object]],
        refused: Iterable[Mapping[str, object]] = (),
        held: Iterable[Mapping[str, object]] = (),
    ) -> FormatTable:
        """Build from the rows of formats.toml; raises ValueError, in Vietnamese, naming the row at fault."""
        table = cls(
            tuple(_row(row, f"allowed[{place}]", with_remedy=False) for place, row in enumerate(allowed, 1)),
            tuple(_row(row, f"refused[{place}]", with_remedy=True) for place, row in enumerate(refused, 1)),
            tuple(_row(row, f"held[{place}]", with_remedy=True) for place, row in enumerate(held, 1)),
        )
        if not table.allowed:
            raise ValueError("bảng định dạng không có dòng [[allowed]] nào")
        for each in (*table.refused, *table.held):
            for format_ in table.allowed:
                common = (set(each.extensions) & set(format_.extensions)) | (
                    set(each.media_types) & set(format_.media_types)
                )
                if common:
                    raise ValueError(f"{min(common)}: vừa được nhận ({format_.name}) vừa bị từ chối ({each.name})")
        return table

    def verdict_for(self, media_type: str, name: str, beside: Collection[str] = ()) -> FormatVerdict:
        """Judge a file by the type told from its content and the name its sender gave (may be empty).

        `beside` are the names of all files of the mail.
        """
        whole, written = media_type.strip().lower(), _trimmed(name)
        named_refused = next((each for each in self.refused if _ends_in(written, each.extensions)), None)
        if named_refused is not None and named_refused.runs:
            return self._not_allowed(named_refused)
        held = next((each for each in self.held if whole in each.media_types), None)
        if held is not None:
            return FormatVerdict(FormatAnswer.HELD, held, held.name, held.remedy)
        media_type = whole.partition(";")[0].strip()
        main = next((each for each in self.allowed if _ends_in(written, each.companions)), None)
        if main is not None:
            return _beside(main, media_type, written, beside)
        return self._by_content(media_type, extension_of(name), named_refused)

    def _by_content(self, media_type: str, extension: str | None, named_refused: Format | None) -> FormatVerdict:
        refused = next((each for each in self.refused if media_type in each.media_types), named_refused)
        claimed = next((each for each in self.allowed if extension in each.extensions), None)
        if refused is None and claimed is not None and media_type in claimed.by_name:
            return FormatVerdict(FormatAnswer.ALLOWED, claimed)
        fitting = [each for each in self.allowed if media_type in each.media_types]
        if claimed is not None and (refused is not None or not fitting):
            return _contradiction(media_type, f".{extension}", claimed, refused)
        if refused is not None or not fitting:
            return self._not_allowed(refused)
        exact = next((each for each in fitting if extension in each.extensions), None)
        if exact is not None or extension is None:
            return FormatVerdict(FormatAnswer.ALLOWED, exact or fitting[0])
        if media_type == _TEXT and not self._is_known(extension):
            return self._not_allowed(None)
        return FormatVerdict(
            FormatAnswer.NAME_DIFFERS,
            fitting[0],
            f"tên tệp có đuôi .{extension} nhưng nội dung là {fitting[0].name}",
            f"Đề nghị đặt lại đuôi tên tệp là .{fitting[0].extensions[0]} rồi gửi lại.",
        )

    def runs(self, extension: str) -> bool:
        """Whether files of this extension are programs."""
        return any(extension in each.extensions for each in self.refused if each.runs)

    def runs_hidden(self, media_type: str, name: str) -> FormatVerdict | None:
        """Of a part that is no document: the refusal where it is a program by name or content, or a live picture."""
        written, media_type = _trimmed(name), media_type.partition(";")[0].strip().lower()
        for each in self.refused:
            told = media_type in each.media_types
            if (each.runs and (told or _ends_in(written, each.extensions))) or (told and media_type == _LIVE_PICTURE):
                return self._not_allowed(each)
        return None

    def _is_known(self, extension: str) -> bool:
        return any(extension in each.extensions for each in self.allowed)

    def _not_allowed(self, format_: Format | None) -> FormatVerdict:
        kinds = ", ".join(f".{extension}" for each in self.allowed for extension in each.extensions[:1])
        name = format_.name if format_ else "định dạng không có trong Quy chế"
        remedy = format_.remedy if format_ else f"Đề nghị gửi lại theo một trong các định dạng: {kinds}."
        return FormatVerdict(FormatAnswer.NOT_ALLOWED, format_, f"không nhận {name}", remedy)


def _beside(format_: Format, media_type: str, name: str, beside: Collection[str]) -> FormatVerdict:
    """A file that says something only together with the main file of the same name."""
    extension = next(each for each in format_.companions if name.endswith(f".{each}"))
    main = f"{name.removesuffix(f'.{extension}')}.{format_.extensions[0]}"
    if main not in {_trimmed(other) for other in beside}:
        text = f"không nhận tệp .{extension} đứng riêng: phải có tệp .{format_.extensions[0]} cùng tên"
        again = f"Đề nghị gửi đủ bộ tệp của {format_.name} trong cùng một thư."
        return FormatVerdict(FormatAnswer.NOT_ALLOWED, format_, text, again)
    if media_type not in format_.companion_types:
        return _contradiction(media_type, f".{extension}", format_, None)
    return FormatVerdict(FormatAnswer.ALLOWED, format_)


def _trimmed(name: str) -> str:
    """A name in lower case as Windows keeps it: without dots and spaces at its end."""
    return name.lower().rstrip(_ENDING)


def _ends_in(name: str, extensions: tuple[str, ...]) -> bool:
    return any(name.endswith(f".{each}") for each in extensions)


def _contradiction(media_type: str, extension: str, claimed: Format, refused: Format | None) -> FormatVerdict:
    """A name of an allowed format over something else: what it is in truth, and what to do about it."""
    again = f"Đề nghị mở lại tệp gốc, lưu đúng định dạng .{claimed.extensions[0]} hoặc .pdf rồi gửi lại."
    if media_type == _EMPTY:
        text = f"không nhận tệp {extension} rỗng, không có nội dung"
        again = "Đề nghị đính kèm lại tệp có nội dung và gửi lại."
    elif media_type == _SHAPELESS or media_type in claimed.damaged:
        text = f"không nhận được: tệp {extension} bị hỏng, không đọc được cấu trúc {claimed.name}"
    elif refused is not None:
        text = f"không nhận tệp có đuôi {extension} nhưng nội dung thật là {refused.name}"
        again = refused.remedy
    else:
        text = f"không nhận tệp có đuôi {extension} nhưng nội dung thật là định dạng không có trong Quy chế"
    return FormatVerdict(FormatAnswer.NOT_ALLOWED, refused, text, again)


def extension_of(name: str) -> str | None:
    """The extension in lower case, or None: `12.2017` and `Quy che.ban hanh` have none."""
    found = _EXTENSION.search(_trimmed(name))
    return found[1] if found and not found[1].isdigit() else None


def _row(row: Mapping[str, object], place: str, *, with_remedy: bool) -> Format:
    expected = _OWN_KEYS | ({"remedy"} if with_remedy else set())
    possible = _REFUSED_KEYS if with_remedy else _ALLOWED_KEYS
    if wrong := ", ".join(sorted((set(row) - possible) ^ expected)):
        raise ValueError(f"{place}: phải có đúng các khóa {', '.join(sorted(expected))}; sai ở {wrong}")
    name, remedy = row["name"], row.get("remedy", "")
    if not isinstance(name, str) or not name or not isinstance(remedy, str) or (with_remedy and not remedy):
        raise ValueError(f"{place}: name và remedy phải là chữ, không để trống")
    extensions, media_types = (
        _words(row["extensions"], place, "extensions"),
        _words(row["media_types"], place, "media_types"),
    )
    companions = _words(row.get("companions", []), place, "companions")
    named = extensions if with_remedy else ()
    if any(extension_of(f"x.{each}") != each and each not in named for each in extensions) or any(
        not _NOTED_EXTENSION.fullmatch(each) for each in (*extensions, *companions)
    ):
        raise ValueError(f"{place}.extensions: ghi đuôi tên tệp bằng chữ thường, không có dấu chấm, nhiều nhất 5 ký tự")
    if any(each.count("/") != 1 for each in media_types):
        raise ValueError(f"{place}.media_types: ghi kiểu nội dung dạng application/pdf")
    if not ((extensions or media_types) if with_remedy else (extensions and media_types)):
        raise ValueError(f"{place}: extensions và media_types không được trống")
    by_name, damaged, companion_types = (
        _words(row.get(key, []), place, key) for key in ("media_types_by_name", "damaged", "companion_media_types")
    )
    runs = row.get("runs", False)
    if not isinstance(runs, bool):
        raise ValueError(f"{place}.runs: phải là true hoặc false")  # noqa: TRY004  the caller names the row
    return Format(name, extensions, media_types, remedy, by_name, damaged, companions, companion_types, runs)


def _words(value: object, place: str, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each == each.lower() for each in value):
        raise ValueError(f"{place}.{key}: phải là danh sách chữ thường")
    return tuple(value)
