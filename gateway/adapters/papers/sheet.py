"""The sheet of a receipt: drawn, not yet signed."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import segno
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table
from reportlab.platypus.doctemplate import LayoutError

from gateway.errors import ReceiptFailure
from gateway.model.agency import Agency
from gateway.model.receipt import Receipt, ReceiptFile
from gateway.model.wording import UNREAD, count, day, letter_date, moment, pages, size
from gateway.typeface import BOLD, REGULAR, drawable, load_fonts

TITLE = "PHIẾU TIẾP NHẬN VĂN BẢN ĐIỆN TỬ"
_COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_CODE_SIDE = 30 * mm
_CODE_BORDER = 2
_NAMES_WIDTH = 42 * mm
_MARGIN_LEFT, _MARGIN_RIGHT, _MARGIN = 25 * mm, 18 * mm, 18 * mm
_WIDTH = A4[0] - _MARGIN_LEFT - _MARGIN_RIGHT
_GROUP = 16
_EVERYWHERE = ((0, 0), (-1, -1))
_CELLS = [("VALIGN", *_EVERYWHERE, "TOP"), ("FONTNAME", *_EVERYWHERE, REGULAR)]
_BODY = ParagraphStyle("body", fontName=REGULAR, fontSize=10, leading=14)
_SMALL = ParagraphStyle("small", parent=_BODY, fontSize=8.5, leading=11.5)
_CENTRED = ParagraphStyle("centred", parent=_BODY, alignment=TA_CENTER)
_LETTERHEAD = ParagraphStyle("letterhead", parent=_CENTRED, fontSize=9, leading=12.5)
_HEADING = ParagraphStyle("heading", parent=_CENTRED, fontName=BOLD, fontSize=14, leading=19)
_SECTION = ParagraphStyle("section", parent=_BODY, fontName=BOLD, spaceBefore=8, spaceAfter=3)


class Sheets:
    """Draws receipts of one agency with the fonts of a folder."""

    def __init__(self, agency: Agency, fonts: Path) -> None:
        self._agency = agency
        self._letters = load_fonts(fonts)

    def draw(self, receipt: Receipt) -> bytes:
        """The receipt on A4 as an unsigned PDF; raises ReceiptFailure for what fits no page."""
        output = BytesIO()
        number = f"{receipt.arrival_number}/{receipt.year}"
        document = SimpleDocTemplate(
            output,
            pagesize=A4,
            leftMargin=_MARGIN_LEFT,
            rightMargin=_MARGIN_RIGHT,
            topMargin=_MARGIN,
            bottomMargin=_MARGIN,
            title=f"Phiếu tiếp nhận văn bản đến số {number}",
            author=receipt.agency,
            subject=f"Số đến {number}",
            lang="vi",
            initialFontName=REGULAR,
        )
        footer = self._plain(f"{receipt.agency} – phiếu tiếp nhận, số đến {number}")

        def foot(canvas: Canvas, _document: SimpleDocTemplate) -> None:
            canvas.setFont(REGULAR, 8)
            canvas.drawString(_MARGIN_LEFT, _MARGIN / 2, footer)
            canvas.drawRightString(A4[0] - _MARGIN_RIGHT, _MARGIN / 2, f"Trang {canvas.getPageNumber()}")

        try:
            document.build(self._story(receipt), onFirstPage=foot, onLaterPages=foot)
        except LayoutError:
            raise ReceiptFailure("không dàn được phiếu tiếp nhận lên trang giấy") from None
        return output.getvalue()

    def _story(self, receipt: Receipt) -> list[Flowable]:
        story: list[Flowable] = [self._letterhead(receipt), Spacer(1, 5 * mm), self._text(TITLE, _HEADING)]
        story += [self._text(f"Số đến: <b>{receipt.arrival_number}/{receipt.year}</b>", _CENTRED), Spacer(1, 3 * mm)]
        story += [self._section("1. Việc tiếp nhận"), self._rows(_reception(receipt))]
        story += [self._section("2. Văn bản"), self._rows(_header(receipt))]
        story += [self._section(f"3. Các tệp đã nhận ({count(len(receipt.files))} tệp)")]
        for place, file in enumerate(receipt.files, 1):
            story += [Spacer(1, 1.5 * mm), KeepTogether(self._file(place, file))]
        story += [KeepTogether([self._section("4. Để kiểm tra về sau"), self._evidence(receipt)])]
        return story

    def _letterhead(self, receipt: Receipt) -> Table:
        """Names of the agency and of the state, place and date (Nghị định 30/2020 Phụ lục I)."""
        agency = self._agency
        left = [self._text(escape(agency.superior.upper()), _LETTERHEAD), self._bold(agency.name.upper())]
        right = [self._bold(_COUNTRY), self._bold(_MOTTO), Spacer(1, 2 * mm)]
        right.append(self._text(f"{escape(agency.place)}, {letter_date(receipt.registered_at)}", _LETTERHEAD))
        return Table([[left, right]], colWidths=[0.5 * _WIDTH, 0.5 * _WIDTH], style=_CELLS)

    def _file(self, place: int, file: ReceiptFile) -> list[Flowable]:
        rows = [
            ("Dung lượng", f"{file.type}, {_size(file.size)}, {pages(file.pages)}"),
            ("SHA-256", " ".join(file.sha256[at : at + _GROUP] for at in range(0, len(file.sha256), _GROUP))),
            ("Kiểm tra mã độc", file.scan),
            ("Chữ ký số", "; ".join(file.signatures) or "Không có chữ ký số"),
        ]
        return [self._text(f"<b>Tệp {place}.</b> {escape(file.name)}", _BODY), self._rows(rows, _SMALL)]

    def _evidence(self, receipt: Receipt) -> Table:
        head = receipt.head
        lines = [
            f"Nhật ký của cổng đến sự kiện số <b>{head.sequence}</b>, mã băm SHA-256:",
            " ".join(head.hash[at : at + _GROUP] for at in range(0, len(head.hash), _GROUP)),
            "Phiếu này do cổng tiếp nhận ký số; dữ liệu cho máy đọc ở tệp đính kèm. Kiểm tra chữ ký bằng phần mềm đọc "
            "PDF, kiểm tra nội dung với sổ và nhật ký tại cơ quan cấp phiếu bằng lệnh vanthu verify.",
            "Phiếu xác nhận việc nhận đủ các tệp và việc vào sổ, không phải là ý kiến về nội dung văn bản.",
            f"Theo dõi việc xử lý: {escape(receipt.link)}",
        ]
        told = [self._text(line, _SMALL) for line in lines]
        widths = [_WIDTH - _CODE_SIDE - 4 * mm, _CODE_SIDE + 4 * mm]
        return Table([[told, _Code(receipt.link)]], colWidths=widths, style=_CELLS)

    def _rows(self, rows: Sequence[tuple[str, str]], style: ParagraphStyle = _BODY) -> Table:
        drawn = [[self._text(escape(name), style), self._text(escape(value), style)] for name, value in rows]
        tight = [*_CELLS, ("TOPPADDING", *_EVERYWHERE, 0.5), ("BOTTOMPADDING", *_EVERYWHERE, 0.5)]
        return Table(drawn, colWidths=[_NAMES_WIDTH, _WIDTH - _NAMES_WIDTH], style=tight, splitInRow=1)

    def _section(self, words: str) -> Paragraph:
        return self._text(words, _SECTION)

    def _bold(self, words: str) -> Paragraph:
        return self._text(f"<b>{escape(words)}</b>", _LETTERHEAD)

    def _text(self, markup: str, style: ParagraphStyle) -> Paragraph:
        return Paragraph(self._plain(markup), style)

    def _plain(self, text: str) -> str:
        return drawable(text, self._letters)


def _reception(receipt: Receipt) -> list[tuple[str, str]]:
    rows = [
        ("Cơ quan nhận", receipt.agency),
        ("Sổ", f"{receipt.book}, năm {receipt.year}, số đến {receipt.arrival_number}"),
        ("Nhận lúc", f"{moment(receipt.received_at)} (giờ Việt Nam)"),
        ("Vào sổ lúc", f"{moment(receipt.registered_at)} (giờ Việt Nam)"),
        ("Nơi gửi", receipt.sender),
        ("Mã lưu", f"văn bản {receipt.document}, thư {receipt.mail}"),
    ]
    return [*rows, ("Bản giấy", receipt.paper)] if receipt.paper else rows


def _size(octets: int) -> str:
    rounded, exact = size(octets), f"{octets} byte"
    return exact if rounded == exact else f"{rounded} ({exact})"


def _header(receipt: Receipt) -> list[tuple[str, str]]:
    return [
        ("Số, ký hiệu", receipt.identifier or UNREAD),
        ("Ngày văn bản", day(receipt.issued_on) if receipt.issued_on else UNREAD),
        ("Tên loại", receipt.document_type or UNREAD),
        ("Trích yếu", receipt.abstract or UNREAD),
        ("Cơ quan ban hành", receipt.issuer or UNREAD),
    ]


class _Code(Flowable):  # type: ignore[misc] # reportlab has no types
    """A link as a QR code."""

    def __init__(self, link: str) -> None:
        super().__init__()
        self.width = self.height = _CODE_SIDE
        self._rows = [list(row) for row in segno.make_qr(link, error="m").matrix_iter(border=_CODE_BORDER)]

    def draw(self) -> None:
        """One square for each dark module."""
        side = _CODE_SIDE / len(self._rows)
        for down, row in enumerate(self._rows, 1):
            for across, dark in enumerate(row):
                if dark:
                    self.canv.rect(across * side, _CODE_SIDE - down * side, side, side, stroke=0, fill=1)
