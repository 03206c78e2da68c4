"""The letters of TCVN3 (ABC), VNI and VPS, as readers that know nothing of these codes show them.

Sources: TCVN 5712:1993 (its third set), the tables of vietunicode.sourceforge.net. One byte is seen as Latin-1, as
Windows-1252, or in the private area where a font calls itself one of symbols.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gateway.model.page import TextEncoding

SYMBOLS = 0xF000
# Signs of Windows-1252 around words that are capitals in VPS.
TYPOGRAPHIC = "“”„‚…–—•™€"
_TCVN3 = (
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
    (0xB5, "àảãáạ"),
    (0xBB, "ằẳẵắ"),
    (0xC6, "ặầẩẫấậè"),
    (0xCE, "ẻẽéẹềểễếệìỉ"),
    (0xDC, "ĩíịò"),
    (0xE1, "ỏõóọồổỗốộờởỡớợù"),
    (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
)
_VPS = (
    (0x02, "ẠẬẶẸỆ"),
    (0x10, "ỊỌỘỢỤỰ"),
    (0x19, "Ỵ"),
    (0x1C, "ẪỮ"),
    (0x80, "ÀẢÃẤẦẨọỗĂếềểệẮẰẲẾ"),
    (0x93, "ỀỂỄỐỒỔỖýỷỵỚỜỞ"),
    (0xA1, "ắằẳẵặỠớÙờởỡŨỨợỪổỬỲỸÍÌộỈĨÓửữÒỎÕựầÁÂấẩẫậđẻÉ"),
    (0xCA, "ÊẹỉễịỹƯỦồốÔỏơÈừứÚũưÝẺ"),
    (0xE0, "àáâãảạă"),
    (0xE8, "èéêẽìí"),
    (0xEF, "ĩẴĐòóôõ"),
    (0xF7, "Ơụùúủ"),
    (0xFD, "ỶẼỳ"),
)
# What a VNI letter's second byte, in its small form, makes of the vowel before it.
_VNI_ACCENTS: Mapping[str, Mapping[str, str]] = {
    "a": dict(zip("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
}
_VNI_SINGLE = dict(zip("ôöñíìæóòî", "ơưđíìỉĩịỵ", strict=True))
# PDF programs name some bytes of TCVN3 after what the glyphs of other fonts look like.
_TCVN3_LIKE = {"\N{MINUS SIGN}": "ư", "\N{BULLET OPERATOR}": "ã", "\N{GREEK SMALL LETTER MU}": "à"}


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """One code: `single` and `paired` map what is shown to letters, `words` finds what may be a word in it."""

    encoding: TextEncoding
    single: Mapping[str, str]
    paired: Mapping[str, str] = field(default_factory=dict)
    words: re.Pattern[str] = field(init=False)
    pairs: re.Pattern[str] = field(init=False)
    table: Mapping[int, str] = field(init=False)

    def __post_init__(self) -> None:
        firsts, seconds = {pair[0] for pair in self.paired}, {pair[1] for pair in self.paired}
        signs = {sign for sign in {*self.single, *firsts, *seconds} if not sign.isalnum()}
        object.__setattr__(self, "words", re.compile(rf"[\w{_listed(signs)}]+"))
        object.__setattr__(self, "pairs", re.compile(f"[{_listed(firsts)}][{_listed(seconds)}]" if firsts else "(?!)"))
        object.__setattr__(self, "table", str.maketrans(dict(self.single)))

    def decode(self, shown: str) -> str:
        """The letters of `shown`; what the code does not have stays."""
        if not self.paired:
            return shown.translate(self.table)
        # What pairs become may look like single letters of the code, so the stretches between are translated apart.
        pieces: list[str] = []
        end = 0
        for pair in self.pairs.finditer(shown):
            if pair[0] in self.paired:
                pieces += shown[end : pair.start()].translate(self.table), self.paired[pair[0]]
                end = pair.end()
        return "".join(pieces) + shown[end:].translate(self.table)


def _listed(signs: Iterable[str]) -> str:
    """Signs for a class of a regular expression."""
    return "".join(map(re.escape, sorted(signs)))


def _views(byte: int) -> set[str]:
    """The characters that one byte is shown as."""
    return {chr(byte), chr(SYMBOLS + byte), bytes([byte]).decode("cp1252", "replace")} - {"\N{REPLACEMENT CHARACTER}"}


def _bytewise(rows: tuple[tuple[int, str], ...]) -> dict[str, str]:
    cells = {first + place: letter for first, letters in rows for place, letter in enumerate(letters)}
    return {shown: letter for byte, letter in cells.items() for shown in _views(byte)}


def _cased(table: Mapping[str, str]) -> dict[str, str]:
    return dict(table) | {shown.upper(): letter.upper() for shown, letter in table.items()}


def _vni_pairs() -> dict[str, str]:
    """Vowel and accent in either case: the letter has the vowel's."""
    pairs: dict[str, str] = {}
    for vowel, accents in _VNI_ACCENTS.items():
        for accent, letter in accents.items():
            for second in (accent, accent.upper()):
                pairs[vowel + second] = letter
                pairs[vowel.upper() + second] = letter.upper()
    return pairs


def _with_symbols(table: Mapping[str, str]) -> dict[str, str]:
    """The same letters, also where the bytes above 0x7F are shown in the private area."""
    shift = {byte: SYMBOLS + byte for byte in range(0x80, 0x100)}
    return dict(table) | {shown.translate(shift): letter for shown, letter in table.items()}


TCVN3 = Code(TextEncoding.TCVN3, _bytewise(_TCVN3) | _TCVN3_LIKE)
VNI = Code(TextEncoding.VNI, _with_symbols(_cased(_VNI_SINGLE)), _with_symbols(_vni_pairs()))
VPS = Code(TextEncoding.VPS, _bytewise(_VPS))
CODES = (TCVN3, VNI, VPS)
_WINDOWS = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}


def shown(content: bytes) -> str:
    """Bytes of a legacy code as the rest of this package takes them: Windows-1252, Latin-1 where that has nothing."""
    return content.decode("latin-1").translate(_WINDOWS)
