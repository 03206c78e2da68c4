"""The words by which a document is known to be meant for the province: config/policy/submissions.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gateway.policy.header.text import clean, fold, plain_punctuation, squeeze

_PROVINCE, _AGENCY, _SOME_WORDS = "{UBND tỉnh}", "{Sở}", "…"
_PLUS = re.compile(r"[a-z0-9-]{1,20}")
_TABLES: Mapping[str, tuple[str, ...]] = {
    "province": ("names", "heads", "place", "other_places", "offices"),
    "agency": ("names", "plus"),
    "sender": ("tags", "phrases", "undone_by_word_before", "undone_by_word_in_clause"),
}
_RULE_KEYS = ("document_types", "issuers")
_LONGEST = 200
_MOST_WORDS_BETWEEN = 6
_DOTTED = re.compile(r"\bu\. ?b\. ?n\. ?d\b\.?")
# Marks that part two words and not two clauses.
_JOINT = r"(?: ?[:(\"“'-] ?| )"


def comparable(text: str) -> str:
    """Small letters without accents, one blank between words, plain dashes."""
    return _DOTTED.sub("ubnd", squeeze(fold(plain_punctuation(clean(text))).replace("_", " ")))


@dataclass(frozen=True, slots=True)
class SubmissionRule:
    """A row of the table: documents of these types by these issuers (`*` stands for any text) are submissions."""

    document_types: tuple[str, ...]
    issuers: tuple[str, ...]

    def fits(self, document_type: str, issuer: str) -> bool:
        """Whether the row is about a document of this type by this issuer."""
        kind, name = comparable(document_type), comparable(issuer)
        return any(kind == comparable(each) for each in self.document_types) and any(
            re.fullmatch(".*".join(map(re.escape, comparable(each).split("*"))), name) for each in self.issuers
        )


@dataclass(frozen=True, slots=True)
class SubmissionWords:
    """Names and phrases of submissions as the table gives them, and the patterns made of them.

    The patterns are for `comparable` text. `phrase` finds what a sender declares by; `undone_before` and
    `undone_within` are for the words ahead of it. `addressed_to` finds the province where it is named as an addressee,
    `is_province` is for a whole name.
    """

    names: tuple[str, ...]
    heads: tuple[str, ...]
    place: str
    other_places: tuple[str, ...]
    offices: tuple[str, ...]
    own_names: tuple[str, ...]
    plus: str
    tags: tuple[str, ...]
    phrases: tuple[str, ...]
    undone_by_word_before: tuple[str, ...]
    undone_by_word_in_clause: tuple[str, ...]
    rules: tuple[SubmissionRule, ...] = ()
    phrase: re.Pattern[str] = field(init=False, repr=False, compare=False)
    undone_before: re.Pattern[str] = field(init=False, repr=False, compare=False)
    undone_within: re.Pattern[str] = field(init=False, repr=False, compare=False)
    addressed_to: re.Pattern[str] = field(init=False, repr=False, compare=False)
    is_province: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        place, elsewhere = _any_of([self.place]), _any_of(self.other_places)
        # `UBND tỉnh, thành phố trực thuộc Trung ương` are all provinces.
        no_other = rf"(?![\w])(?! {elsewhere}(?![\w]))(?! ?(?:[,/]|va\b) ?(?:thanh pho|tp)\b)"
        province = rf"(?:(?:cac )?(?:dong chi )?{_any_of(self.heads)} )*{_any_of(self.names)}(?: {place})?{no_other}"
        office = rf"{_any_of(self.offices)} (?:(?:doan|dbqh|dai bieu quoc hoi|hdnd|hoi dong nhan dan|tinh|va|[,&-]) ?)*"
        own = rf"{_any_of(self.own_names)}(?: tinh)?(?: {place})?(?![\w])"
        said = "|".join(
            _phrase(each, province, own) for each in sorted(self.phrases, key=lambda each: (-len(each), each))
        )
        self._set("phrase", rf"(?<![\w])(?:{said})")
        self._set("undone_before", rf"(?<![\w]){_any_of(self.undone_by_word_before)}[\s\"“'(]*\Z")
        within = rf"(?: [^\s]+){{0,{_MOST_WORDS_BETWEEN}}}"
        self._set("undone_within", rf"(?<![\w]){_any_of(self.undone_by_word_in_clause)}{within}\s*\Z")
        self._set(
            "addressed_to",
            rf"{own} ?- ?{province}|(?<![\w]){office}{province}"
            rf"|(?:^|[;,:(/+&.-] ?|(?<![\w])va )(?P<named>{province})",
        )
        self._set("is_province", rf"(?:{office})?{province}")

    def _set(self, name: str, pattern: str) -> None:
        object.__setattr__(self, name, re.compile(pattern))

    @classmethod
    def from_table(cls, table: Mapping[str, object]) -> SubmissionWords:
        """Build from submissions.toml; raises ValueError, in Vietnamese, naming the key at fault."""
        if unknown := ", ".join(sorted(set(table) - {*_TABLES, "rule"})):
            raise ValueError(f"{unknown}: không có phần này; hãy chọn trong [province], [agency], [sender], [[rule]]")
        province, agency, sender = (_table(table, name) for name in _TABLES)
        return cls(
            names=_texts(province, "province", "names"),
            heads=_texts(province, "province", "heads"),
            place=_text(province["place"], "province.place"),
            other_places=_texts(province, "province", "other_places"),
            offices=_texts(province, "province", "offices"),
            own_names=_texts(agency, "agency", "names"),
            plus=_plus(agency["plus"]),
            tags=_texts(sender, "sender", "tags"),
            phrases=_phrases(sender),
            undone_by_word_before=_texts(sender, "sender", "undone_by_word_before"),
            undone_by_word_in_clause=_texts(sender, "sender", "undone_by_word_in_clause"),
            rules=_rules(table.get("rule", [])),
        )


def _any_of(texts: Sequence[str]) -> str:
    """A pattern for any of the texts, the longest first."""
    made = sorted({comparable(each) for each in texts}, key=lambda each: (-len(each), each))
    return "(?:" + "|".join(map(re.escape, made)) + ")"


def _phrase(text: str, province: str, own: str) -> str:
    """The pattern of a phrase: blanks as people type them, its places filled in."""
    pieces = (
        text.replace(_PROVINCE, " {UBND} ").replace(_AGENCY, " {} ").replace(_SOME_WORDS, f" {_SOME_WORDS} ").split()
    )
    pattern = ""
    for place, piece in enumerate(pieces):
        if piece == _SOME_WORDS:
            pattern += rf"(?: [^\s,;.:]+){{0,{_MOST_WORDS_BETWEEN}}}?"
            continue
        joint = _JOINT if place else ""
        pattern += joint + {"{UBND}": province, "{}": own}.get(piece, re.escape(comparable(piece)))
    return rf"{pattern}(?![\w])"


def _table(table: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = table.get(name, {})
    if not isinstance(found, dict):
        raise ValueError(f"{name}: phải là một phần có các khóa riêng; hãy ghi thành [{name}]")  # noqa: TRY004
    if wrong := ", ".join(sorted(set(found) ^ set(_TABLES[name]))):
        raise ValueError(f"[{name}]: phải có đúng các khóa {', '.join(_TABLES[name])}; sai ở {wrong}")
    return found


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value.isprintable() or len(value) > _LONGEST or not comparable(value):
        raise ValueError(f"{place}: phải là chữ trong dấu nháy, trên một dòng, từ 1 đến {_LONGEST} ký tự")
    return squeeze(clean(value))


def _texts(table: Mapping[str, object], section: str, key: str) -> tuple[str, ...]:
    value, place = table[key], f"{section}.{key}"
    if not isinstance(value, list) or not value:
        raise ValueError(f"{place}: phải là danh sách trong ngoặc vuông, có ít nhất một mục")
    return tuple(_text(each, f"{place}[{number}]") for number, each in enumerate(value, 1))


def _phrases(sender: Mapping[str, object]) -> tuple[str, ...]:
    phrases = _texts(sender, "sender", "phrases")
    for number, each in enumerate(phrases, 1):
        rest = each.replace(_PROVINCE, "", 1).replace(_AGENCY, "")
        if _PROVINCE not in each or "{" in rest or "}" in rest:
            raise ValueError(
                f'sender.phrases[{number}] = "{each}": phải có đúng một chỗ {_PROVINCE}, ngoài ra chỉ được có '
                f"{_AGENCY} và dấu {_SOME_WORDS}"
            )
        if each.startswith((_PROVINCE, _AGENCY, _SOME_WORDS)):
            raise ValueError(f'sender.phrases[{number}] = "{each}": phải bắt đầu bằng một từ, như "trình {_PROVINCE}"')
    return phrases


def _plus(value: object) -> str:
    if not isinstance(value, str) or not _PLUS.fullmatch(value):
        raise ValueError(
            "agency.plus: phải là chữ thường không dấu, chữ số, gạch nối, từ 1 đến 20 ký tự, không có dấu +"
        )
    return value


def _rules(rows: object) -> tuple[SubmissionRule, ...]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("rule: phải là danh sách; hãy ghi mỗi dòng thành [[rule]] với các khóa của nó")
    return tuple(_rule(row, f"rule[{place}]") for place, row in enumerate(rows, 1))


def _rule(row: Mapping[str, object], place: str) -> SubmissionRule:
    if wrong := ", ".join(sorted(set(row) ^ set(_RULE_KEYS))):
        raise ValueError(f"{place}: phải có đúng các khóa {', '.join(_RULE_KEYS)}; sai ở {wrong}")
    issuers = _texts(row, place, "issuers")
    for number, each in enumerate(issuers, 1):
        if not comparable(each.replace("*", "")):
            raise ValueError(f'{place}.issuers[{number}] = "{each}": phải có tên cơ quan, không chỉ có dấu *')
    return SubmissionRule(_texts(row, place, "document_types"), issuers)
