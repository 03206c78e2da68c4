"""Samples set as Word files and printed to PDF by LibreOffice, all in one run of it: it is slow to start."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from gateway.policy.header.text import fold
from gateway.policy.header.words import RULE
from tests.adapters.text.accuracy.samples import Form, Sample

FONT = "Times New Roman"
PRINTING_SECONDS = 1_800


def print_all(samples: Sequence[Sample], folder: Path) -> list[Path]:
    """A PDF of each sample in `folder`, named after it; those that are there already are kept."""
    wanted = [folder / f"{sample.name}.pdf" for sample in samples]
    missing = [sample for sample, path in zip(samples, wanted, strict=True) if not path.exists()]
    if missing:
        for sample in missing:
            write_document(sample, folder / f"{sample.name}.docx")
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(folder),
                *(str(folder / f"{sample.name}.docx") for sample in missing),
            ],
            check=True,
            capture_output=True,
            timeout=PRINTING_SECONDS,
        )
    return wanted


def text_of(sample: Sample) -> str:
    """The sample line by line, as it was published."""
    return "\n".join((*sample.head, *sample.title, *sample.body, *sample.signature, *sample.appendix))


def write_document(sample: Sample, path: Path) -> None:
    """The sample as a Word file: A4, 13 points, margins of Nghị định 30/2020 Phụ lục I mục I."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(3)
    _write_head(document, sample)
    for line in sample.title:
        _set(document.add_paragraph(), line, bold=True, centred=True)
    for line in sample.body:
        _set(document.add_paragraph(), line, justified=sample.form is not Form.LINES)
    _write_signature(document, sample)
    if sample.appendix:
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        for line in sample.appendix:
            _set(document.add_paragraph(), line)
    document.save(str(path))


def _write_head(document: Document, sample: Sample) -> None:
    left = [
        line for line, right in zip(sample.head, sample.right, strict=True) if not right and not RULE.fullmatch(line)
    ]
    right = [line for line, of_right in zip(sample.head, sample.right, strict=True) if of_right]
    if sample.form is Form.TABLE:
        table = document.add_table(1, 2)
        table.autofit = False
        for cell, lines, width in zip(table.rows[0].cells, (left, right), (6.2, 9.8), strict=True):
            cell.width = Cm(width)
            _fill(cell, lines)
    elif sample.form is Form.TABS:
        for first, second in zip([*left, *[""] * len(right)], [*right, *[""] * len(left)], strict=False):
            if first or second:
                paragraph = _set(document.add_paragraph(), f"\t{first}\t{second}", bold=_loud(first or second), size=12)
                paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(2.9), WD_TAB_ALIGNMENT.CENTER)
                paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(11.3), WD_TAB_ALIGNMENT.CENTER)


def _fill(cell: _Cell, lines: Sequence[str]) -> None:
    for place, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        dated = " ngày " in line
        _set(paragraph, line, bold=_loud(line), italic=dated, centred=True, size=12 if line.isupper() else 13)


def _loud(line: str) -> bool:
    return line.isupper() or fold(line).startswith("doc lap")


def _write_signature(document: Document, sample: Sample) -> None:
    if not sample.signature:
        return
    if sample.form is Form.LINES:
        for line in sample.signature:
            _set(document.add_paragraph(), line)
        return
    table = document.add_table(1, 2)
    for place, line in enumerate(("Nơi nhận:", "- Như trên;", "- Lưu: VT.")):
        cell = table.rows[0].cells[0]
        _set(cell.paragraphs[0] if place == 0 else cell.add_paragraph(), line, italic=place == 0, size=11)
    _fill(table.rows[0].cells[1], [*sample.signature[:-1], "", sample.signature[-1]])


def _set(
    paragraph: Paragraph,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    centred: bool = False,
    justified: bool = False,
    size: float = 13,
) -> Paragraph:
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif justified:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    return paragraph
