"""The fixed words of tasks, news and reminders, by the step in their facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_TRANSFER_CLAUSE = "Điều 11 khoản 2"
_TWO_HOURS = "Điều 3 khoản 4"
_FOLLOWED = "Điều 11 khoản 3"
_HANDLED = "Điều 11 khoản 4 điểm a"
_SUBMITTED = "Điều 5 khoản 4"
_CHECKED = "Điều 11 khoản 1 điểm a"


@dataclass(frozen=True, slots=True)
class StepText:
    """Fixed words for one step: what it is called, what happened or is wanted, what to do, and by which clause.

    `tone` is the colour by its name in the style sheet. `to_sender` is what the sender is told instead of `lead`, empty
    where his text is that of the facts; `with_reason` is true where he is told the reason too.
    """

    heading: str
    lead: str
    todo: tuple[str, ...] = ()
    clause: str = ""
    tone: str = "link"
    to_sender: str = ""
    with_reason: bool = False


TASKS: Mapping[str, StepText] = {
    "present": StepText(
        "Văn bản cần trình",
        "Văn bản đến dưới đây chờ văn thư trình người có thẩm quyền xem xét, cho ý kiến phân công, chỉ đạo giải quyết.",
        (
            "Kiểm tra các thông tin trong sổ; còn thiếu hoặc sai thì sửa trước khi trình.",
            "Trình người có thẩm quyền; văn bản không thuộc thẩm quyền thì trả lại nơi gửi, nêu lý do.",
        ),
        _TRANSFER_CLAUSE,
    ),
    "assign": StepText(
        "Văn bản trình cho ý kiến phân công",
        "Văn thư trình văn bản đến dưới đây để xem xét, cho ý kiến phân công, chỉ đạo giải quyết.",
        (
            "Nêu đơn vị chủ trì, đơn vị phối hợp và thời hạn giải quyết của mỗi đơn vị nếu cần.",
            "Nêu ý kiến chỉ đạo nếu có.",
        ),
        _TRANSFER_CLAUSE,
    ),
    "transfer": StepText(
        "Văn bản cần chuyển giao",
        "Người có thẩm quyền đã cho ý kiến phân công; văn thư đăng ký bổ sung vào sổ văn bản đến và chuyển giao cho "
        "đơn vị giải quyết.",
        ("Đối chiếu đơn vị, thời hạn và ý kiến chỉ đạo dưới đây.", "Chuyển giao văn bản cho các đơn vị."),
        _TRANSFER_CLAUSE,
    ),
    "accept": StepText(
        "Văn bản chuyển giao cho đơn vị",
        "Văn bản đến dưới đây được chuyển giao cho đơn vị giải quyết.",
        (
            "Tiếp nhận văn bản, phân công chuyên viên giải quyết.",
            "Không thuộc chức năng của đơn vị thì trả lại, nêu lý do.",
        ),
        _TRANSFER_CLAUSE,
    ),
    "handle": StepText(
        "Văn bản được giao giải quyết",
        "Văn bản đến dưới đây được giao cho chuyên viên giải quyết.",
        (
            "Lập hồ sơ giải quyết công việc gắn với văn bản đến.",
            "Báo tiến độ và kết quả bằng cách trả lời thư này; cần thêm thời gian thì xin gia hạn trước khi hết hạn.",
        ),
        _HANDLED,
    ),
    "delegate": StepText(
        "Văn bản cần giao lại chuyên viên",
        "Phần việc của đơn vị ở văn bản dưới đây chưa có người giải quyết; đề nghị giao chuyên viên.",
        ("Xem lý do nếu có.", "Giao chuyên viên giải quyết, hoặc trả lại nếu không thuộc chức năng của đơn vị."),
        _TRANSFER_CLAUSE,
        tone="doubt",
    ),
    "reassign": StepText(
        "Văn bản cần phân công lại",
        "Văn bản dưới đây được trả lại; đề nghị xem xét, phân công lại đơn vị giải quyết.",
        ("Xem lý do trả lại.", "Phân công đơn vị khác, hoặc giữ phân công cũ và nêu ý kiến."),
        _TRANSFER_CLAUSE,
        tone="doubt",
    ),
    "forward": StepText(
        "Văn bản cần gửi đến Ủy ban nhân dân tỉnh",
        "Văn bản trình dưới đây đã đủ điều kiện để gửi đến hộp thư điện tử của Ủy ban nhân dân tỉnh.",
        ("Kiểm tra hồ sơ điện tử kèm theo.", "Gửi văn bản đến Ủy ban nhân dân tỉnh bằng cách trả lời thư này."),
        _SUBMITTED,
    ),
    "forward_declined": StepText(
        "Giám đốc Sở chưa đồng ý gửi văn bản trình",
        "Giám đốc Sở chưa đồng ý gửi văn bản dưới đây đến Ủy ban nhân dân tỉnh.",
        ("Xem lý do.", "Xử lý theo ý kiến của Giám đốc Sở; trả lại nơi gửi nếu cần."),
        _SUBMITTED,
        tone="doubt",
    ),
    "approve": StepText(
        "Đề nghị cho ý kiến",
        "Việc dưới đây chờ người có thẩm quyền quyết định.",
        ("Trả lời đồng ý hoặc không đồng ý, nêu lý do.",),
    ),
    "returned": StepText(
        "Văn bản được trả lại để giải quyết lại",
        "Văn bản dưới đây được trả lại; đề nghị xem lý do và giải quyết lại.",
        ("Xem lý do trả lại.", "Phân công hoặc chuyển giao lại cho đúng đơn vị, người giải quyết."),
        _TRANSFER_CLAUSE,
        tone="doubt",
    ),
    "correct": StepText(
        "Thông tin vào sổ cần bổ sung",
        "Trong sổ văn bản đến còn thông tin chưa đọc được hoặc cần đối chiếu.",
        ("Mở tệp, đối chiếu với các thông tin dưới đây.", "Bổ sung, sửa những thông tin còn thiếu hoặc sai."),
        "Điều 11 khoản 1 điểm b",
        tone="doubt",
    ),
    "submit": StepText(
        "Báo cáo văn bản trình Ủy ban nhân dân tỉnh",
        "Văn thư báo cáo Giám đốc Sở văn bản trình Ủy ban nhân dân tỉnh dưới đây, trước khi gửi đến hộp thư điện tử "
        "của Ủy ban nhân dân tỉnh.",
        ("Xem văn bản và hồ sơ điện tử kèm theo.", "Cho ý kiến nếu có."),
        _SUBMITTED,
    ),
}
APPROVALS: Mapping[str, StepText] = {
    "forward": StepText(
        "Xin ý kiến gửi văn bản đến Ủy ban nhân dân tỉnh",
        "Văn thư báo cáo Giám đốc Sở và xin ý kiến gửi văn bản dưới đây đến hộp thư điện tử của Ủy ban nhân dân tỉnh.",
        (
            "Đồng ý thì văn thư được báo để gửi văn bản kèm thư chuyển.",
            "Không đồng ý thì nêu lý do; văn bản không được gửi.",
        ),
        _SUBMITTED,
    ),
    "extension": StepText(
        "Xin gia hạn giải quyết văn bản",
        "Đơn vị giải quyết đề nghị gia hạn thời gian giải quyết văn bản dưới đây.",
        ("Đồng ý thì thời hạn mới có hiệu lực ngay.", "Không đồng ý thì nêu lý do; thời hạn cũ giữ nguyên."),
        _TRANSFER_CLAUSE,
    ),
    "recall": StepText(
        "Nơi gửi đề nghị lấy lại văn bản",
        "Nơi gửi đề nghị lấy lại văn bản dưới đây, dù văn bản đã được phân công hoặc đang giải quyết.",
        (
            "Đồng ý thì việc giải quyết dừng lại, các đơn vị và nơi gửi được báo.",
            "Không đồng ý thì nêu lý do; nơi gửi được báo.",
        ),
    ),
}
REMINDERS: Mapping[str, StepText] = {
    "remind_transfer": StepText(
        "Sắp hết thời gian xử lý văn bản đến",
        "Văn bản đến dưới đây chưa được xử lý, chuyển giao và sắp hết 2 giờ hành chính kể từ khi nhận.",
        ("Làm ngay bước còn lại; chuyển giao bằng văn bản điện tử, không chờ văn bản giấy.",),
        _TWO_HOURS,
        tone="doubt",
    ),
    "transfer_due": StepText(
        "Quá thời gian xử lý văn bản đến",
        "Văn bản đến dưới đây chưa được xử lý, chuyển giao và đã quá 2 giờ hành chính kể từ khi nhận.",
        ("Làm ngay bước còn lại.", "Có vướng mắc thì báo cáo người có trách nhiệm xem xét, giải quyết."),
        _TWO_HOURS,
        tone="bad",
    ),
    "hand_over_due": StepText(
        "Văn bản đến chưa tới chuyên viên chủ trì",
        "Văn bản đến dưới đây chưa được chuyển tới chuyên viên chủ trì và đã quá thời hạn chuyển trong ngày.",
        ("Làm ngay bước còn lại: chuyển giao cho đơn vị giải quyết; đơn vị giao chuyên viên chủ trì.",),
        _TWO_HOURS,
        tone="bad",
    ),
    "remind_deadline": StepText(
        "Sắp hết thời hạn giải quyết văn bản",
        "Thời hạn giải quyết văn bản dưới đây sắp hết.",
        ("Báo kết quả nếu đã xong.", "Chưa thể xong đúng hạn thì xin gia hạn, nêu lý do."),
        _FOLLOWED,
        tone="doubt",
    ),
    "deadline_due": StepText(
        "Quá thời hạn giải quyết văn bản",
        "Văn bản dưới đây đã quá thời hạn giải quyết mà chưa có kết quả.",
        ("Báo kết quả hoặc lý do chậm và thời gian xong.", "Văn thư theo dõi, đôn đốc đơn vị chủ trì."),
        _FOLLOWED,
        tone="bad",
    ),
    "acknowledgement_due": StepText(
        "Chưa có xác nhận đã nhận văn bản trình",
        "Văn bản dưới đây đã gửi Ủy ban nhân dân tỉnh nhưng đã quá thời gian chờ mà chưa có xác nhận đã nhận.",
        (
            "Hỏi nơi nhận qua điện thoại hoặc cách khác.",
            "Nơi nhận chưa nhận được thì gửi lại bằng cách trả lời thư này.",
        ),
        "Điều 11 khoản 5 điểm c",
        tone="doubt",
    ),
}
NEWS: Mapping[str, StepText] = {
    "presented": StepText(
        "Văn bản đã được trình",
        "Văn thư đã trình văn bản, chờ người có thẩm quyền cho ý kiến phân công.",
        to_sender="Văn bản của Quý cơ quan đã được trình người có thẩm quyền xem xét.",
    ),
    "assigned": StepText(
        "Văn bản đã được phân công",
        "Người có thẩm quyền đã cho ý kiến phân công giải quyết văn bản.",
        to_sender="Văn bản của Quý cơ quan đã được phân công đơn vị giải quyết.",
    ),
    "transferred": StepText(
        "Văn bản đã được chuyển giao",
        "Văn thư đã chuyển giao văn bản cho đơn vị giải quyết.",
        to_sender="Văn bản của Quý cơ quan đã được chuyển giao cho đơn vị giải quyết.",
    ),
    "accepted": StepText(
        "Đơn vị đã tiếp nhận văn bản",
        "Đơn vị giải quyết đã tiếp nhận văn bản.",
        to_sender="Đơn vị giải quyết đã tiếp nhận văn bản của Quý cơ quan.",
    ),
    "delegated": StepText(
        "Văn bản đã được giao chuyên viên",
        "Đơn vị đã giao chuyên viên giải quyết văn bản.",
        to_sender="Văn bản của Quý cơ quan đã được giao người giải quyết.",
    ),
    "in_progress": StepText(
        "Văn bản đang được giải quyết",
        "Đơn vị báo văn bản đang được giải quyết.",
        to_sender="Văn bản của Quý cơ quan đang được giải quyết.",
    ),
    "part_finished": StepText(
        "Một đơn vị đã xong phần việc",
        "Một đơn vị đã báo xong phần việc của mình.",
        tone="ok",
        to_sender="Văn bản của Quý cơ quan đang được giải quyết.",
    ),
    "finished": StepText(
        "Văn bản đã giải quyết xong",
        "Việc giải quyết văn bản đã hoàn thành.",
        tone="ok",
        to_sender="Việc giải quyết văn bản của Quý cơ quan đã hoàn thành.",
    ),
    "returned": StepText(
        "Văn bản được trả lại",
        "Văn bản đã được trả lại, với lý do nêu dưới đây.",
        clause=_CHECKED,
        tone="bad",
        to_sender="Văn bản của Quý cơ quan được trả lại, với lý do nêu dưới đây.",
        with_reason=True,
    ),
    "reassigned": StepText("Văn bản được phân công lại", "Người có thẩm quyền đã phân công lại văn bản."),
    "released": StepText(
        "Thôi giải quyết văn bản",
        "Đơn vị, chuyên viên thôi giải quyết văn bản này; phần việc đang làm dừng lại.",
        tone="doubt",
    ),
    "returned_to_sender": StepText(
        "Văn bản đã trả lại nơi gửi", "Văn thư đã trả lại văn bản cho nơi gửi, với lý do nêu dưới đây.", tone="doubt"
    ),
    "replied": StepText(
        "Nơi gửi có thư trả lời",
        "Nơi gửi, nơi nhận trả lời bằng lời, không phải lệnh; đề nghị văn thư xem.",
        ("Xem nội dung dưới đây và xử lý nếu cần.",),
    ),
    "recall_asked": StepText(
        "Nơi gửi đề nghị lấy lại văn bản",
        "Nơi gửi đề nghị lấy lại văn bản; đề nghị tạm dừng giải quyết, chờ người có thẩm quyền quyết định.",
        tone="doubt",
        to_sender="Đề nghị lấy lại văn bản của Quý cơ quan đã được ghi nhận, chờ người có thẩm quyền quyết định.",
    ),
    "recalled": StepText(
        "Văn bản đã được lấy lại",
        "Nơi gửi đã lấy lại văn bản; việc giải quyết dừng lại.",
        tone="doubt",
        to_sender="Đề nghị lấy lại văn bản của Quý cơ quan được chấp thuận; việc giải quyết dừng lại.",
        with_reason=True,
    ),
    "voided": StepText(
        "Số vào sổ đã hủy",
        "Số vào sổ của văn bản đã hủy vì vào sổ nhầm, với lý do nêu dưới đây; việc giải quyết dừng lại.",
        tone="doubt",
        to_sender="Số vào sổ của văn bản Quý cơ quan gửi đã hủy, với lý do nêu dưới đây.",
        with_reason=True,
    ),
    "recall_declined": StepText(
        "Không đồng ý cho lấy lại văn bản",
        "Đề nghị lấy lại văn bản của nơi gửi không được chấp thuận; tiếp tục giải quyết.",
        tone="doubt",
        to_sender="Đề nghị lấy lại văn bản của Quý cơ quan không được chấp thuận; văn bản tiếp tục được giải quyết.",
        with_reason=True,
    ),
    "extension_asked": StepText("Đơn vị xin gia hạn", "Đơn vị giải quyết đề nghị gia hạn.", tone="doubt"),
    "extended": StepText(
        "Đã gia hạn giải quyết văn bản",
        "Đề nghị gia hạn được chấp thuận; thời hạn mới nêu dưới đây.",
        to_sender="Thời hạn giải quyết văn bản của Quý cơ quan đã được gia hạn.",
    ),
    "extension_declined": StepText(
        "Không đồng ý gia hạn", "Đề nghị gia hạn không được chấp thuận; thời hạn cũ giữ nguyên.", tone="doubt"
    ),
    "submitted": StepText(
        "Văn bản được ghi nhận là văn bản trình Ủy ban nhân dân tỉnh",
        "Văn bản được ghi nhận là văn bản trình Ủy ban nhân dân tỉnh, chờ báo cáo Giám đốc Sở.",
        clause=_SUBMITTED,
        to_sender="Văn bản của Quý cơ quan được ghi nhận là văn bản trình Ủy ban nhân dân tỉnh.",
    ),
    "submission": StepText(
        "Báo cáo văn bản trình Ủy ban nhân dân tỉnh",
        "Văn thư báo cáo Giám đốc Sở: văn bản dưới đây là văn bản trình Ủy ban nhân dân tỉnh.",
        clause=_SUBMITTED,
    ),
    "approved": StepText(
        "Người có thẩm quyền đã đồng ý",
        "Người có thẩm quyền đã đồng ý việc đề nghị.",
        tone="ok",
        to_sender="Người có thẩm quyền đã đồng ý gửi văn bản của Quý cơ quan đến Ủy ban nhân dân tỉnh.",
    ),
    "declined": StepText(
        "Người có thẩm quyền không đồng ý",
        "Người có thẩm quyền không đồng ý việc đề nghị, với lý do nêu dưới đây.",
        tone="doubt",
        to_sender="Người có thẩm quyền chưa đồng ý gửi văn bản của Quý cơ quan đến Ủy ban nhân dân tỉnh.",
        with_reason=True,
    ),
    "forwarded": StepText(
        "Văn bản đã gửi Ủy ban nhân dân tỉnh",
        "Văn bản đã được gửi kèm thư chuyển đến hộp thư điện tử của Ủy ban nhân dân tỉnh.",
        clause=_SUBMITTED,
        to_sender="Văn bản của Quý cơ quan đã được gửi đến hộp thư điện tử của Ủy ban nhân dân tỉnh.",
    ),
    "delivered": StepText(
        "Văn bản trình đã tới hộp thư nơi nhận",
        "Máy chủ thư của nơi nhận báo thư chuyển đã tới hộp thư; chưa phải là xác nhận đã nhận văn bản.",
        to_sender="Máy chủ thư của Ủy ban nhân dân tỉnh báo văn bản đã tới hộp thư nơi nhận.",
    ),
    "forward_failed": StepText(
        "Văn bản trình không tới nơi nhận",
        "Thư chuyển văn bản không tới được hộp thư của Ủy ban nhân dân tỉnh.",
        ("Xem lý do dưới đây, hỏi lại nơi nhận.", "Gửi lại bằng cách trả lời thư này, hoặc chuyển bằng cách khác."),
        _SUBMITTED,
        tone="bad",
        to_sender="Việc gửi văn bản của Quý cơ quan đến Ủy ban nhân dân tỉnh chưa thành công; Văn thư Sở đang xử lý.",
    ),
    "acknowledged": StepText(
        "Nơi nhận đã xác nhận nhận văn bản",
        "Ủy ban nhân dân tỉnh đã xác nhận nhận được văn bản.",
        tone="ok",
        to_sender="Ủy ban nhân dân tỉnh đã xác nhận nhận được văn bản của Quý cơ quan.",
    ),
    "answered": StepText(
        "Đã có văn bản trả lời",
        "Văn bản đã có văn bản trả lời.",
        tone="ok",
        to_sender="Văn bản của Quý cơ quan đã có văn bản trả lời.",
    ),
    "corrected": StepText(
        "Thông tin trong sổ đã được sửa",
        "Thông tin của văn bản trong sổ văn bản đến đã được sửa; giá trị cũ vẫn được lưu.",
        clause="Điều 11 khoản 1 điểm b",
        to_sender="Thông tin của văn bản trong sổ văn bản đến đã được bổ sung, sửa lại.",
    ),
    "stopped": StepText(
        "Dừng giải quyết văn bản",
        "Việc giải quyết văn bản dừng lại.",
        tone="doubt",
        to_sender="Việc giải quyết văn bản của Quý cơ quan đã dừng lại.",
        with_reason=True,
    ),
}
UNKNOWN_TASK = StepText(
    "Văn bản cần xử lý", "Văn bản dưới đây cần được xử lý.", ("Xem nội dung và trả lời theo hướng dẫn dưới đây.",)
)
UNKNOWN_NEWS = StepText("Tin về việc giải quyết văn bản", "Có thay đổi trong việc giải quyết văn bản dưới đây.")
UNKNOWN_REMINDER = StepText(
    "Nhắc việc giải quyết văn bản", "Văn bản dưới đây cần được xử lý đúng thời hạn.", tone="doubt"
)


@dataclass(frozen=True, slots=True)
class Table:
    """The texts of one kind of notice, and what is said of a step that none of them knows."""

    texts: Mapping[str, StepText]
    unknown: StepText
    by_subject: Mapping[str, StepText] = field(default_factory=dict)

    def text(self, step: str, subject: str) -> StepText:
        """The text of a step; of `approve` by the question, `extension:van-phong` being one of `extension`."""
        question = subject.partition(":")[0]
        if step == "approve" and question in self.by_subject:
            return self.by_subject[question]
        return self.texts.get(step, self.unknown)
