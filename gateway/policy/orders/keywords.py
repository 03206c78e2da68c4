"""The words that orders begin with: one table for reading, for the help answer and for the clerk's guide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.model.act import Act


class Slot(StrEnum):
    """What a line gives: a whole order, or a part of one. STOP ends the reading."""

    ORDER = "order"
    LEAD = "lead"
    SUPPORTING = "supporting"
    DEADLINE = "deadline"
    OPINION = "opinion"
    REASON = "reason"
    ANSWER = "answer"
    STOP = "stop"


class Takes(StrEnum):
    """The value that goes with a keyword. NOTE, LEADER, RECEIVERS and FIELD_NAMES may be left out."""

    NOTHING = "nothing"
    NOTE = "note"
    TEXT = "text"
    UNIT = "unit"
    UNITS = "units"
    RECEIVERS = "receivers"
    LEADER = "leader"
    HANDLER = "handler"
    MOMENT = "moment"
    EXTENSION = "extension"
    FIELDS = "fields"
    FIELD_NAMES = "field_names"
    NUMBER = "number"

    @property
    def required(self) -> bool:
        """Whether the keyword means nothing alone."""
        return self not in _MAY_STAND_ALONE

    @property
    def prose(self) -> bool:
        """Whether the value is free text, in which other keywords are only words."""
        return self in _PROSE


_MAY_STAND_ALONE = frozenset({Takes.NOTHING, Takes.NOTE, Takes.LEADER, Takes.RECEIVERS, Takes.FIELD_NAMES})
_PROSE = frozenset({Takes.NOTE, Takes.TEXT})


@dataclass(frozen=True, slots=True)
class KeywordRow:
    """One keyword with its synonyms (`also`), an example line and its meaning in Vietnamese.

    `act` is the order that the line is or belongs to; None where that depends on the lines around it. `again` is what
    the order of that name says.
    """

    keyword: str
    slot: Slot
    takes: Takes
    act: Act | None
    example: str
    meaning: str
    also: tuple[str, ...] = ()
    again: bool = False


KEYWORDS: tuple[KeywordRow, ...] = (
    KeywordRow(
        "Chủ trì",
        Slot.LEAD,
        Takes.UNIT,
        Act.ASSIGN,
        "Chủ trì: Phòng KHTC (15/9)",
        "phân công đơn vị chủ trì giải quyết; có thể ghi thời hạn riêng trong ngoặc",
        ("Đơn vị chủ trì", "Phòng chủ trì", "Giao chủ trì", "Lead", "Lead unit"),
    ),
    KeywordRow(
        "Phối hợp",
        Slot.SUPPORTING,
        Takes.UNITS,
        Act.ASSIGN,
        "Phối hợp: Văn phòng, Thanh tra hạn 20/9",
        "phân công các đơn vị phối hợp, cách nhau bằng dấu phẩy; mỗi đơn vị có thể có thời hạn riêng",
        (
            "Đơn vị phối hợp",
            "Phòng phối hợp",
            "Phối hợp với",
            "Cùng phối hợp",
            "Giao phối hợp",
            "Support",
            "Supporting",
        ),
    ),
    KeywordRow(
        "Hạn",
        Slot.DEADLINE,
        Takes.MOMENT,
        None,
        "Hạn: 16h ngày 15/9",
        "thời hạn của phân công, chuyển giao hoặc giao việc ghi cùng thư",
        (
            "Thời hạn",
            "Hạn xử lý",
            "Hạn xử lí",
            "Thời hạn xử lý",
            "Thời hạn xử lí",
            "Hạn giải quyết",
            "Thời hạn giải quyết",
            "Thời gian giải quyết",
            "Hạn hoàn thành",
            "Thời hạn hoàn thành",
            "Hạn chót",
            "Hạn trả lời",
            "Due",
            "Due date",
            "Deadline",
        ),
    ),
    KeywordRow(
        "Ý kiến",
        Slot.OPINION,
        Takes.TEXT,
        None,
        "Ý kiến: Tham mưu văn bản trả lời đúng hạn.",
        "ý kiến chỉ đạo, đến dòng trống hoặc lệnh kế tiếp",
        ("Ý kiến chỉ đạo", "Bút phê", "Ý kiến lãnh đạo", "Chỉ đạo", "Opinion", "Instruction", "Instructions"),
    ),
    KeywordRow(
        "Trình",
        Slot.ORDER,
        Takes.LEADER,
        Act.PRESENT,
        "Trình: Nguyễn Văn Nam",
        "trình lãnh đạo cho ý kiến; không ghi tên là trình người có thẩm quyền",
        ("Trình lãnh đạo", "Trình lãnh đạo Sở", "Trình giám đốc", "Present", "Present to"),
    ),
    KeywordRow(
        "Chuyển",
        Slot.ORDER,
        Takes.RECEIVERS,
        Act.TRANSFER,
        "Chuyển",
        "chuyển giao văn bản cho các đơn vị đã được phân công",
        ("Chuyển giao", "Chuyển đơn vị", "Chuyển giao đơn vị", "Transfer"),
    ),
    KeywordRow(
        "Đã nhận",
        Slot.ORDER,
        Takes.NOTHING,
        Act.ACCEPT,
        "Đã nhận",
        "xác nhận đã nhận văn bản",
        ("Đã tiếp nhận", "Đã nhận được", "Received", "Accepted"),
    ),
    KeywordRow(
        "Giao",
        Slot.ORDER,
        Takes.HANDLER,
        Act.DELEGATE,
        "Giao: Nguyễn Văn Nam hạn 15/9",
        "giao chuyên viên chủ trì xử lý",
        ("Chuyên viên", "Giao chuyên viên", "Giao việc", "Giao cho", "Delegate", "Assign", "Assign to", "Delegate to"),
    ),
    KeywordRow(
        "Đang xử lý",
        Slot.ORDER,
        Takes.NOTE,
        Act.PROGRESS,
        "Đang xử lý",
        "báo văn bản đang được xử lý",
        ("Đang xử lí", "Đang giải quyết", "Đang thực hiện", "In progress"),
    ),
    KeywordRow(
        "Hoàn thành",
        Slot.ORDER,
        Takes.NOTE,
        Act.FINISH,
        "Hoàn thành: đã trả lời bằng văn bản",
        "báo đã giải quyết xong",
        ("Đã hoàn thành", "Đã xử lý xong", "Đã giải quyết xong", "Done", "Completed", "Finished"),
    ),
    KeywordRow(
        "Văn bản trả lời",
        Slot.ANSWER,
        Takes.NUMBER,
        Act.FINISH,
        "Văn bản trả lời: 123/SGTVT-VP",
        "số, ký hiệu của văn bản trả lời; ghi cùng lệnh Hoàn thành",
        ("Công văn trả lời", "Số văn bản trả lời", "Trả lời bằng văn bản", "Trả lời bằng công văn", "Answered by"),
    ),
    KeywordRow(
        "Trả lại",
        Slot.ORDER,
        Takes.TEXT,
        Act.RETURN,
        "Trả lại: không thuộc chức năng của phòng",
        "trả lại văn bản; phải nêu lý do",
        ("Chuyển trả", "Trả lại văn bản", "Return"),
    ),
    KeywordRow(
        "Sửa",
        Slot.ORDER,
        Takes.FIELDS,
        Act.CORRECT,
        'Sửa: số=955/QĐ-SGTVT; ngày=15/9/2026; trích yếu="Về việc họp; báo cáo"',
        "sửa thông tin trong sổ; mục nào văn bản không có thì ghi “không có”, lý do nếu cần ghi lý do=…",
        ("Sửa thông tin", "Đính chính", "Chỉnh sửa", "Correct", "Correction"),
    ),
    KeywordRow(
        "Gia hạn",
        Slot.ORDER,
        Takes.EXTENSION,
        Act.EXTEND,
        "Gia hạn: 20/9 lý do chờ số liệu của huyện",
        "đề nghị hoặc cho gia hạn đến ngày ghi rõ",
        ("Xin gia hạn", "Đề nghị gia hạn", "Extend", "Extend to"),
    ),
    KeywordRow(
        "Thu hồi",
        Slot.ORDER,
        Takes.TEXT,
        Act.RECALL,
        "Thu hồi: gửi nhầm phụ lục",
        "lấy lại văn bản đã chuyển; phải nêu lý do",
        ("Lấy lại", "Thu hồi văn bản", "Lấy lại văn bản", "Recall"),
    ),
    KeywordRow(
        "Hủy số",
        Slot.ORDER,
        Takes.TEXT,
        Act.VOID,
        "Hủy số: vào sổ hai lần, đã có số đến 15",
        "hủy một số vào sổ nhầm; số và dòng vẫn nằm trong sổ; phải nêu lý do",
        ("Hủy số đến", "Hủy đăng ký", "Void"),
    ),
    KeywordRow(
        "Trình UBND",
        Slot.ORDER,
        Takes.NOTHING,
        Act.SUBMIT,
        "Trình UBND",
        "báo cáo Giám đốc việc trình Ủy ban nhân dân tỉnh",
        ("Trình UBND tỉnh", "Trình Ủy ban", "Trình Ủy ban nhân dân", "Trình Ủy ban nhân dân tỉnh"),
    ),
    KeywordRow(
        "Chuyển UBND",
        Slot.ORDER,
        Takes.NOTHING,
        Act.FORWARD,
        "Chuyển UBND",
        "gửi văn bản đến hộp thư điện tử của Ủy ban nhân dân tỉnh",
        ("Chuyển UBND tỉnh", "Chuyển Ủy ban", "Chuyển Ủy ban nhân dân", "Chuyển Ủy ban nhân dân tỉnh"),
    ),
    KeywordRow(
        "Chuyển lại UBND",
        Slot.ORDER,
        Takes.TEXT,
        Act.FORWARD,
        "Chuyển lại UBND: thư trước bị trả về",
        "gửi lại văn bản đến Ủy ban nhân dân tỉnh; phải nêu lý do",
        ("Chuyển lại UBND tỉnh", "Chuyển lại Ủy ban nhân dân", "Chuyển lại Ủy ban nhân dân tỉnh"),
        again=True,
    ),
    KeywordRow(
        "Đồng ý",
        Slot.ORDER,
        Takes.NOTHING,
        Act.APPROVE,
        "Đồng ý",
        "chấp thuận đề nghị đang chờ",
        ("Nhất trí", "Phê duyệt", "Agree", "Agreed", "Approve", "Approved"),
    ),
    KeywordRow(
        "Không đồng ý",
        Slot.ORDER,
        Takes.TEXT,
        Act.DECLINE,
        "Không đồng ý: hồ sơ chưa đủ",
        "không chấp thuận đề nghị đang chờ; phải nêu lý do",
        (
            "Ko đồng ý",
            "K đồng ý",
            "Kg đồng ý",
            "Hông đồng ý",
            "Chưa đồng ý",
            "Không nhất trí",
            "Chưa nhất trí",
            "Không phê duyệt",
            "Disagree",
            "Disagreed",
            "Not agreed",
            "Do not agree",
            "Decline",
        ),
    ),
    KeywordRow(
        "Xác nhận",
        Slot.ORDER,
        Takes.FIELD_NAMES,
        Act.CONFIRM,
        "Xác nhận",
        "xác nhận thông tin trong sổ mà hệ thống hỏi (ghi thêm được “số, ngày”), hoặc lệnh mà hệ thống đã hỏi lại",
        ("Confirm", "Confirmed"),
    ),
    KeywordRow(
        "Lý do",
        Slot.REASON,
        Takes.TEXT,
        None,
        "Lý do: thiếu phụ lục kèm theo",
        "lý do của lệnh ghi ngay trước",
        ("Lí do", "Reason"),
    ),
    KeywordRow(
        "Trạng thái",
        Slot.ORDER,
        Takes.NOTHING,
        Act.STATUS,
        "Trạng thái",
        "hỏi tình hình xử lý văn bản",
        ("Tình trạng", "Xem trạng thái", "Status"),
    ),
    KeywordRow(
        "Trợ giúp",
        Slot.ORDER,
        Takes.NOTHING,
        Act.HELP,
        "Trợ giúp",
        "nhận hướng dẫn này",
        ("Help",),
    ),
    KeywordRow(
        "Hết",
        Slot.STOP,
        Takes.NOTHING,
        None,
        "Hết",
        "ngừng đọc lệnh; phần sau chỉ là thư",
        ("Stop", "The end"),
    ),
)

NAMESAKES = frozenset({"trinh"})
"""Keywords that are given names where the accents are missing; alone on a line they count with accents only."""

QUESTIONS = ("gia han ", "thu hoi", "trinh ubnd")
"""What may stand after `Đồng ý:`, unaccented: which of several waiting questions is meant, and no condition."""

OPPOSED: tuple[frozenset[Act], ...] = (
    frozenset({Act.APPROVE, Act.DECLINE}),
    frozenset({Act.CONFIRM, Act.DECLINE}),
    frozenset({Act.ACCEPT, Act.RETURN}),
    frozenset({Act.PROGRESS, Act.RETURN}),
    frozenset({Act.FINISH, Act.RETURN}),
)
"""Orders that say the opposite of each other: in one mail none of them counts."""


def help_lines() -> tuple[str, ...]:
    """The table as lines for the help answer: the example, then what it means."""
    return tuple(f"{row.example} – {row.meaning}" for row in KEYWORDS)
