"""Why a request is not answered as asked: the HTTP code and what the page says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP code with the heading and the text of its page."""

    status: int
    heading: str
    text: str


class Refused(Exception):
    """Ends a request with its page."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.status)
        self.refusal = refusal


def bad_form(status: int) -> Refused:
    """What came is not our form."""
    return Refused(
        Refusal(
            status,
            "Chưa ghi nhận được xác nhận",
            "Nội dung gửi lên không đúng mẫu của trang. Đề nghị mở lại đường dẫn trong thư đã nhận và xác nhận tại đó.",
        )
    )


NOT_FOUND = Refusal(
    404,
    "Không tìm thấy trang",
    "Đường dẫn không đúng hoặc không còn hiệu lực. Đề nghị kiểm tra lại đường dẫn trong thư đã nhận,"
    " hoặc liên hệ văn thư để được hướng dẫn.",
)
NOT_ALLOWED = Refusal(
    405,
    "Yêu cầu không được chấp nhận",
    "Đường dẫn này không dùng được theo cách vừa thực hiện. Đề nghị mở lại đường dẫn trong thư đã nhận.",
)
FOREIGN = Refusal(
    403,
    "Yêu cầu không được chấp nhận",
    "Xác nhận không được gửi từ trang của cổng nên không được ghi nhận."
    " Đề nghị mở lại đường dẫn trong thư đã nhận và xác nhận tại đó.",
)
TAKEN_BACK = Refusal(
    409,
    "Văn bản đã được lấy lại",
    "Nơi gửi đã lấy lại văn bản này nên không cần xác nhận. Đề nghị không xử lý bản đã chuyển.",
)
EXPIRED = Refusal(
    410,
    "Đường dẫn đã hết hạn",
    "Đường dẫn cá nhân này không còn mở được tệp. Để nhận đường dẫn mới, đề nghị trả lời thư của văn thư về văn bản này"
    " với nội dung “Trạng thái”.",
)
INFECTED = Refusal(
    403,
    "Không cho tải tệp",
    "Tệp nhiễm mã độc nên không được tải về. Đề nghị liên hệ văn thư để được hướng dẫn.",
)
NOT_SCANNED = Refusal(
    503,
    "Chưa tải được tệp",
    "Tệp chưa được kiểm tra mã độc theo mẫu mới nhất vì máy quét tạm thời không trả lời."
    " Tệp vẫn được lưu đầy đủ; đề nghị thử lại sau ít phút.",
)
UNSCANNABLE = Refusal(
    403,
    "Không cho tải tệp",
    "Phần mềm diệt vi-rút không xác nhận được tệp sạch nên tệp không được tải về."
    " Đề nghị liên hệ văn thư để được hướng dẫn.",
)
TOO_OFTEN = Refusal(
    429,
    "Gửi quá nhiều lần",
    "Xác nhận đã được gửi nhiều lần trong thời gian ngắn. Đề nghị thử lại sau một phút.",
)
