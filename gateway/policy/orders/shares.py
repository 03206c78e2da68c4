"""Units and people with their deadlines, as one value names them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gateway.model.act import Deadline, Share
from gateway.policy.header.text import fold

MAX_SHARES = 30

_HEAD = (
    r"(?:phong|p\.|p |vp|van phong|ban |bql|trung tam|tt |thanh tra|chi cuc|cuc |so |ubnd|uy ban|doi |tram |truong "
    r"|cang |ben xe|cong ty|hat |to )"
)
_ONE_WORD = re.compile(rf"(?:{_HEAD}\s*)?[^\s,;()]+\s*")
_OPENS_UNIT = re.compile(rf"\s*(?:{_HEAD}|[^\s,;()]+\s*(?:$|[,;(]))")
_SEPARATOR = re.compile(r"[;\n]|,|(?<=\s)va(?=\s)|[(\[]|[)\]]")
_IN_BRACKETS = re.compile(r"(?P<name>[^()\[\]]{2,200})[(\[](?P<when>[^()\[\]]{1,90})[)\]][\s.]*")
_BEHIND = re.compile(
    r"(?P<name>[^\n]{2,200}?)[\s,–-]+(?:(?:thoi han(?: xu ly)?|han(?: xu ly| chot)?|deadline|due)(?: la)?\s*:?\s+"
    r"|(?=(?:xong )?truoc |cham nhat |muon nhat |den ngay |by ))(?P<when>[^\n]{1,90})"
)
_DEADLINE = re.compile(r"\s*(?:thoi han|han|deadline|due|xong truoc|truoc|cham nhat|muon nhat|den ngay|by)(?!\w)")
_EDGES = " \t\n,;.:-–"


def shares_in(value: str, moment: Callable[[str], Deadline | str], *, at_commas: bool) -> tuple[Share, ...] | str:
    """The shares named by `value` in their order; else, in Vietnamese, what could not be read.

    A value is cut at semicolons and line ends, at commas too where `at_commas`, and at any other comma or `và` only
    where a unit is sure to begin after it: units have both in their names. `names.match_shares` puts right what the
    directory knows better.
    """
    shares: list[Share] = []
    for piece in filter(None, _pieces(value, at_commas=at_commas)):
        share = _share(piece, moment)
        if isinstance(share, str):
            return share
        if share not in shares:
            shares.append(share)
    if len(shares) > MAX_SHARES:
        return f"Quá {MAX_SHARES} đơn vị trong một lệnh; hãy gửi làm nhiều thư."
    return tuple(shares)


def _pieces(value: str, *, at_commas: bool) -> Iterator[str]:
    folded, start, depth = fold(value), 0, 0
    for found in _SEPARATOR.finditer(folded):
        sign = found.group()
        if sign in "([":
            depth += 1
        elif sign in ")]":
            depth = max(0, depth - 1)
        elif depth == 0 and (sign in ";\n" or _cuts(folded, start, found, at_commas=at_commas)):
            yield value[start : found.start()].strip(_EDGES)
            start = found.end()
    yield value[start:].strip(_EDGES)


def _cuts(folded: str, start: int, found: re.Match[str], *, at_commas: bool) -> bool:
    before, after = folded[start : found.start()].strip(), folded[found.end() : found.end() + 60]
    if not before:
        return True
    if _DEADLINE.match(after):
        return False
    if found.group() == "," and at_commas:
        return True
    if re.match(rf"\s*{_HEAD}", after):
        return True
    ends = before.endswith(")") or bool(_ONE_WORD.fullmatch(before))
    return ends and bool(_OPENS_UNIT.match(after))


def _share(piece: str, moment: Callable[[str], Deadline | str]) -> Share | str:
    folded = fold(piece)
    found = _IN_BRACKETS.fullmatch(folded) or _BEHIND.fullmatch(folded)
    if not found:
        return Share(piece)
    when = piece[found.start("when") : found.end("when")]
    deadline = moment(re.sub(r"(?i)^\s*(?:thời hạn|hạn)[\s:]+", "", when))
    if isinstance(deadline, str):
        return deadline
    return Share(piece[: found.end("name")].strip(_EDGES), deadline)
