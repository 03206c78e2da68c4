"""What must not be issued through the gateway, whatever number it would have: state secrets, files nobody can check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.model.facts import FileFacts
from gateway.policy.formats import FormatAnswer, FormatTable
from gateway.policy.header.sign import CHECK
from gateway.policy.secrecy.mail import sign_in_name
from gateway.policy.secrecy.wording import sign_in

_MARKED = "có dấu chỉ độ mật nên không đăng ký ở đây; đăng ký ở sổ văn bản mật theo quy định riêng"
_PERHAPS_MARKED = "có chỗ giống dấu chỉ độ mật; đã xem mà không phải thì ghi thêm --not-secret"
_ALLOWED = frozenset({FormatAnswer.ALLOWED, FormatAnswer.NAME_DIFFERS})


@dataclass(frozen=True, slots=True)
class ToIssue:
    """A file to be issued: its name, and what was found in it."""

    name: str
    facts: FileFacts


def objection(files: Sequence[ToIssue], said: Sequence[str], formats: FormatTable, *, not_secret: bool) -> str | None:
    """Why these files, with what a person `said` of them, are not issued, in Vietnamese; None where they may be.

    Documents with a mark of secrecy are no matter of this gateway (Điều 8 khoản 2 điểm a). `not_secret` is the word of
    a person who has looked at what only may be a mark; against a certain one it does not count.
    """
    names = [file.name for file in files]
    for file in files:
        if file.facts.encrypted or not file.facts.opened:
            return f"{file.name}: không mở được để kiểm tra; hãy bỏ mật khẩu hoặc lập lại tệp"
        verdict = formats.verdict_for(file.facts.type, file.name, names)
        if verdict.answer not in _ALLOWED:
            return f"{file.name}: {verdict.text} {verdict.remedy}".rstrip()
    signs = list(_signs(files, said))
    if place := next((place for place, certain in signs if certain), None):
        return f"{place} {_MARKED}"
    return f"{signs[0][0]} {_PERHAPS_MARKED}" if signs and not not_secret else None


def _signs(files: Sequence[ToIssue], said: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Where a sign is, and whether it is certain."""
    for file in files:
        if file.facts.marks.secrecy is not None:
            yield f"{file.name}:", True
        elif CHECK in file.facts.unknown:
            yield f"{file.name}:", False
        if sign := sign_in_name(file.name):
            yield f"tên tệp {file.name}", sign.certain
    for text in said:
        if sign := sign_in(text):
            yield f"“{text}”", sign.certain
