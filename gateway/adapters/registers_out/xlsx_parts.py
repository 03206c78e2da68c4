"""The parts of a workbook around its rows: styles, sheets' heads and feet, and the frame that joins them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_uppercase
from xml.sax.saxutils import escape

LETTERS = ascii_uppercase
HEADER, TEXT, DAY, NUMBER = 1, 2, 3, 4
STRUCK = 3
"""What is added to TEXT, DAY or NUMBER in a row that is struck through."""
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MM_A_LETTER = 1.9
_LINE_POINTS = 13
_HIGHEST = 409
"""Points that a row may have."""
_LONGEST_HEADING = 200
_DATE_FORMAT = 164


def sheet_head(widths: Sequence[int], *, first: bool) -> str:
    """Everything before the rows; `widths` are in mm."""
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width / _MM_A_LETTER:.1f}" customWidth="1"/>'
        for place, width in enumerate(widths, 1)
    )
    selected = 'tabSelected="1" ' if first else ""
    return (
        f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView {selected}workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="13"/><cols>{columns}</cols><sheetData>'
    )


def letters_a_line(width: int) -> int:
    """How many letters surely stand on one line of a column of that width in mm."""
    return max(1, int(width / _MM_A_LETTER) - 1)


def row_open(number: int, lines: int) -> str:
    """The beginning of a row that is so many lines high: not every program finds out for itself."""
    height = min(_HIGHEST, lines * _LINE_POINTS + 3)
    return f'<row r="{number}" ht="{height}" customHeight="1">'


def sheet_foot(heading: str) -> str:
    """Everything after the rows: A4 across, the binding edge on the left, `heading` and page numbers on each page."""
    named = escape(heading[:_LONGEST_HEADING].replace("&", "&&"))
    return (
        '</sheetData><pageMargins left="0.98" right="0.47" top="0.7" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        f"<headerFooter><oddHeader>&amp;C{named}</oddHeader>"
        "<oddFooter>&amp;CTrang &amp;P/&amp;N</oddFooter></headerFooter></worksheet>"
    )


def frame(sheets: Sequence[str], title: str) -> Iterator[tuple[str, str]]:
    """The other members of the package, with their names."""
    numbered = list(enumerate(sheets, 1))
    listed = "".join(f'<sheet name="{_quoted(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    titles = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{n - 1}">\'{escape(name)}\'!$1:$1</definedName>'
        for n, name in numbered
    )
    yield (
        "xl/workbook.xml",
        f'{_DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets>'
        f"<definedNames>{titles}</definedNames></workbook>",
    )
    related = "".join(_relation(n, f"{_RELATIONS}/worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered)
    related += _relation(len(sheets) + 1, f"{_RELATIONS}/styles", "styles.xml")
    yield "xl/_rels/workbook.xml.rels", _relations(related)
    yield "xl/styles.xml", _styles()
    yield (
        "docProps/core.xml",
        f'{_DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
        "<dc:language>vi</dc:language></cp:coreProperties>",
    )
    top = _relation(1, f"{_RELATIONS}/officeDocument", "xl/workbook.xml")
    top += _relation(2, f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml")
    yield "_rels/.rels", _relations(top)
    overrides = "".join(_override(f"/xl/worksheets/sheet{n}.xml", f"{_TYPES}.worksheet+xml") for n, _ in numbered)
    overrides += _override("/xl/workbook.xml", f"{_TYPES}.sheet.main+xml")
    overrides += _override("/xl/styles.xml", f"{_TYPES}.styles+xml")
    overrides += _override("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")
    yield (
        "[Content_Types].xml",
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
    )


def _quoted(name: str) -> str:
    return escape(name, {'"': "&quot;"})


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'


def _relations(content: str) -> str:
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{content}</Relationships>'


def _override(name: str, kind: str) -> str:
    return f'<Override PartName="{name}" ContentType="{kind}"/>'


def _styles() -> str:
    font = '<sz val="10"/><name val="Times New Roman"/>'
    edge = "".join(f'<{side} style="thin"/>' for side in ("left", "right", "top", "bottom"))
    formats = {TEXT: 49, DAY: _DATE_FORMAT, NUMBER: 1}
    kinds = [_kind(formats[style], font_id) for font_id in (0, 2) for style in (TEXT, DAY, NUMBER)]
    header = (
        '<xf numFmtId="49" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" '
        'applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>'
    )
    return (
        f'{_DECLARATION}<styleSheet xmlns="{_MAIN}">'
        f'<numFmts count="1"><numFmt numFmtId="{_DATE_FORMAT}" formatCode="dd/mm/yyyy"/></numFmts>'
        f'<fonts count="3"><font>{font}</font><font><b/>{font}</font><font><strike/>{font}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        f'<borders count="2"><border><left/><right/><top/><bottom/></border><border>{edge}</border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{2 + len(kinds)}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        f"{header}{''.join(kinds)}</cellXfs>"
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _kind(number_format: int, font: int) -> str:
    return (
        f'<xf numFmtId="{number_format}" fontId="{font}" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" '
        'applyFont="1" applyBorder="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    )
