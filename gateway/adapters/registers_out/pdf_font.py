"""A TrueType font inside a PDF: which glyph a letter has, how wide it is, and the objects that embed it whole."""

from __future__ import annotations

import zlib
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFontFace

_PER_BLOCK = 100
"""Entries that one block of a character map may have."""
_MISSING = "?"
_SYMBOLIC = 4
_REGULAR, _BOLD = "NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf"


class PdfFont:
    """The font in a file; letters it does not have are drawn as question marks. Raises OSError, TTFError."""

    def __init__(self, path: Path) -> None:
        self._file = path.read_bytes()
        self._face = TTFontFace(str(path))
        glyphs: dict[int, int] = self._face.charToGlyph
        widths: dict[int, float] = self._face.charWidths
        self._glyphs = {chr(code): f"{glyph:04X}" for code, glyph in glyphs.items()}
        self._widths = {chr(code): width / 1000 for code, width in widths.items() if code in glyphs}
        self.missing_glyph = self._glyphs[_MISSING]
        self.missing_width = self._widths[_MISSING]

    def encoded(self, text: str) -> str:
        """The text as a hexadecimal string of glyphs, without its brackets."""
        glyphs, missing = self._glyphs, self.missing_glyph
        return "".join([glyphs.get(letter, missing) for letter in text])

    def width(self, text: str) -> float:
        """How wide the text is, in multiples of its size."""
        widths, missing = self._widths, self.missing_width
        return sum([widths.get(letter, missing) for letter in text])

    @property
    def name(self) -> str:
        """The name that readers of PDF show."""
        return str(self._face.name.decode("ascii"))

    def descriptor(self, file: int) -> str:
        """The font descriptor; `file` is the number of the object with the font itself."""
        face = self._face
        box = " ".join(f"{edge:.0f}" for edge in face.bbox)
        return (
            f"<< /Type /FontDescriptor /FontName /{self.name} /Flags {_SYMBOLIC} /FontBBox [{box}] /ItalicAngle 0 "
            f"/Ascent {face.ascent:.0f} /Descent {face.descent:.0f} /CapHeight {face.capHeight:.0f} "
            f"/StemV {face.stemV:.0f} /FontFile2 {file} 0 R >>"
        )

    def descendant(self, descriptor: int) -> str:
        """The font by glyphs, with their widths."""
        widths = {int(glyph, 16): self._widths.get(letter, 0) for letter, glyph in self._glyphs.items()}
        listed = " ".join(f"{glyph} [{width * 1000:.0f}]" for glyph, width in sorted(widths.items()))
        return (
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{self.name} /CIDToGIDMap /Identity "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            f"/FontDescriptor {descriptor} 0 R /DW {self._face.defaultWidth:.0f} /W [{listed}] >>"
        )

    def composite(self, descendant: int, to_unicode: int) -> str:
        """The font as pages name it."""
        return (
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{self.name} /Encoding /Identity-H "
            f"/DescendantFonts [{descendant} 0 R] /ToUnicode {to_unicode} 0 R >>"
        )

    def embedded(self) -> tuple[str, bytes]:
        """The font file as a stream: its further entries, and its bytes."""
        return f"/Length1 {len(self._file)} /Filter /FlateDecode", zlib.compress(self._file)

    def to_unicode(self) -> bytes:
        """The character map by which readers find and copy the letters again."""
        letters: dict[str, str] = {}
        for letter, glyph in sorted(self._glyphs.items()):
            letters.setdefault(glyph, letter)
        entries = [f"<{glyph}> <{letter.encode('utf-16-be').hex().upper()}>" for glyph, letter in letters.items()]
        blocks = [entries[at : at + _PER_BLOCK] for at in range(0, len(entries), _PER_BLOCK)]
        listed = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
            f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{listed}\n"
            "endcmap CMapName currentdict /CMap defineresource pop end end\n"
        ).encode()


def shipped_fonts(folder: Path) -> tuple[PdfFont, PdfFont]:
    """The regular and the bold letters of our papers."""
    return PdfFont(folder / _REGULAR), PdfFont(folder / _BOLD)
