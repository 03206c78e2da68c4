"""Which font a run of a Word document is set in (ISO/IEC 29500-1 sections 17.3.2.26, 17.7.2, 20.1.4.1)."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field

from gateway.adapters.text.xml import Attributes, parse, part

MAX_CHAIN = 20
_OFF = frozenset({"0", "false", "off"})
_STYLES, _THEME = "word/styles.xml", "word/theme/theme1.xml"


@dataclass(slots=True)
class Fonts:
    """Fonts by what a document's styles and theme say; "" where they say nothing.

    Of the four fonts that a run may have, the one for letters beyond ASCII counts: legacy letters are such.
    """

    default: str = ""
    normal: str = ""
    styles: dict[str, tuple[str, str]] = field(default_factory=dict)
    theme: dict[str, str] = field(default_factory=dict)

    def of(self, own: str, run_style: str, paragraph_style: str) -> str:
        """The font of a run that names `own`, in these styles; each may be ""."""
        return own or self._of_style(run_style) or self._of_style(paragraph_style or self.normal) or self.default

    def named(self, attributes: Attributes) -> str:
        """The font that the attributes of `rFonts` name, by itself or by the theme."""
        names = {name.rsplit(" ", 1)[-1]: value for name, value in attributes.items()}
        for kind in ("hAnsi", "ascii"):
            themed = self.theme.get(names.get(f"{kind}Theme", "")[:5], "")
            if names.get(kind) or themed:
                return themed or names[kind]
        return ""

    def _of_style(self, style: str) -> str:
        for _ in range(MAX_CHAIN):
            font, based_on = self.styles.get(style, ("", ""))
            if font or not based_on:
                return font
            style = based_on
        return ""


def fonts_of(archive: zipfile.ZipFile) -> Fonts:
    """What styles and theme say of fonts; nothing where a document has none.

    Raises KeyError, ExpatError or ValueError where one is damaged or hostile.
    """
    names = set(archive.namelist())
    fonts = Fonts()
    if _THEME in names:
        fonts.theme = _theme(part(archive, _THEME))
    if _STYLES in names:
        reader = _Styles(fonts)
        parse(part(archive, _STYLES), start=reader.start, end=reader.end)
    return fonts


def _theme(content: bytes) -> dict[str, str]:
    """The Latin font of headings (`major`) and of the rest (`minor`)."""
    found: dict[str, str] = {}
    kind = ""

    def start(name: str, attributes: Attributes) -> None:
        nonlocal kind
        local = name.rsplit(" ", 1)[-1]
        if local in ("majorFont", "minorFont"):
            kind = local.removesuffix("Font")
        elif local == "latin" and kind:
            found.setdefault(kind, attributes.get("typeface", ""))

    parse(content, start=start)
    return found


@dataclass(slots=True)
class _Styles:
    """Reads the part of styles into `fonts`."""

    fonts: Fonts
    style: str = ""
    font: str = ""
    based_on: str = ""
    in_defaults: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        local = name.rsplit(" ", 1)[-1]
        values = {key.rsplit(" ", 1)[-1]: value for key, value in attributes.items()}
        if local == "style":
            self.style, self.font, self.based_on = values.get("styleId", ""), "", ""
            if values.get("type") == "paragraph" and values.get("default", "0") not in _OFF:
                self.fonts.normal = self.style
        elif local == "basedOn":
            self.based_on = values.get("val", "")
        elif local == "docDefaults":
            self.in_defaults = True
        elif local == "rFonts":
            self.font = self.fonts.named(attributes)
            if self.in_defaults:
                self.fonts.default = self.font

    def end(self, name: str) -> None:
        local = name.rsplit(" ", 1)[-1]
        if local == "style":
            self.fonts.styles[self.style] = (self.font, self.based_on)
        elif local == "docDefaults":
            self.in_defaults = False
