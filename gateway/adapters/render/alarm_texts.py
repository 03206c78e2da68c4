"""The fixed words of alarms: what happened, what it means, and what to do with which command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.model.alarm import AlarmCause


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, with the exact command where there is one."""

    text: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Fixed words for one situation. A step whose command names an id that is not known is left out."""

    happened: str
    meaning: str
    steps: tuple[Step, ...]
    clause: str = ""
    grave: bool = False


_EXPLAIN = Step("Xem toàn bộ quá trình xử lý thư bằng lệnh sau trên máy chủ:", "vanthu explain {mail}")
_HELD = Step("Xem các thư đang tạm giữ:", "vanthu quarantine list")
_WAITING = Step("Xem các thông báo chưa gửi xong:", "vanthu outbox list")
_WAITING_MAILS = Step("Xem các thư đang chờ hoặc tạm giữ:", "vanthu quarantine list")
_CHECK = Step("Thử mọi kết nối của hệ thống, xem chỗ hỏng và cách sửa:", "vanthu check")
_TELL_OTHERWISE = Step("Báo nội dung thông báo cho nơi nhận bằng cách khác, như điện thoại hoặc văn bản giấy.")
_NO_FORWARDING = Step("Không chuyển tiếp thư báo lỗi của máy chủ cho nơi nhận hoặc nơi khác.")
_SEND_AGAIN = Step("Địa chỉ đúng, nguyên nhân đã khắc phục thì cho gửi lại:", "vanthu outbox retry {notice}")
_UNTOLD = "Nơi nhận chưa biết nội dung thông báo. Việc tiếp nhận, vào sổ không bị ảnh hưởng."
_TWO_HOURS = "Điều 3 khoản 4"

_IMPERSONATION = Text(
    "Một thư ghi người gửi là nơi đã biết nhưng không chứng minh được là của nơi ấy.",
    "Địa chỉ có thể bị mạo nhận, hoặc máy chủ của nơi gửi khai báo SPF, DKIM chưa đúng. Thư được tạm giữ, chưa vào sổ "
    "và không được trả lời; văn thư được báo riêng.",
    (
        Step("Không mở liên kết, tệp đính kèm trong thư; không trả lời thư."),
        Step("Hỏi nơi gửi thật qua số điện thoại đã biết từ trước, không dùng số ghi trong thư."),
        _EXPLAIN,
        _HELD,
        Step("Đối chiếu với nhật ký của máy chủ thư; đúng là mạo nhận thì chặn máy gửi và báo cáo lãnh đạo."),
    ),
    "Điều 8 khoản 2 điểm c",
    grave=True,
)
_BAD_ADDRESS = Text(
    "Thông báo dưới đây không tới nơi nhận, vì địa chỉ không dùng được.",
    f"{_UNTOLD} Hệ thống không tự gửi lại.",
    (
        Step("Hỏi lại địa chỉ đúng với nơi nhận; đề nghị nơi gửi dùng địa chỉ đúng cho thư sau."),
        _TELL_OTHERWISE,
        _NO_FORWARDING,
        _EXPLAIN,
    ),
    grave=True,
)
_RETURNED = Text(
    "Thông báo dưới đây bị máy chủ của nơi nhận trả lại, vì lý do tạm thời.",
    f"{_UNTOLD} Hệ thống không tự gửi lại.",
    (
        _TELL_OTHERWISE,
        Step("Nếu còn lặp lại, đề nghị nơi nhận kiểm tra hộp thư hoặc cho địa chỉ khác."),
        _SEND_AGAIN,
        _NO_FORWARDING,
        _EXPLAIN,
    ),
    grave=True,
)
_GAVE_UP = Text(
    "Hệ thống đã gửi thông báo dưới đây nhiều lần mà không được; nay hết thời hạn nên ngừng gửi.",
    _UNTOLD,
    (
        _TELL_OTHERWISE,
        Step("Kiểm tra lại địa chỉ với nơi nhận; sai thì đề nghị nơi gửi dùng địa chỉ đúng cho thư sau."),
        _SEND_AGAIN,
        _WAITING,
        _EXPLAIN,
    ),
    grave=True,
)
_NOT_MADE = Text(
    "Hệ thống không lập hoặc không chuyển được thông báo dưới đây.",
    f"{_UNTOLD} Hệ thống không tự gửi lại.",
    (
        _TELL_OTHERWISE,
        Step("Báo bộ phận công nghệ thông tin xem nhật ký chạy của dịch vụ."),
        Step("Nguyên nhân đã khắc phục thì cho gửi lại:", "vanthu outbox retry {notice}"),
        _EXPLAIN,
    ),
    grave=True,
)
_LATE = Text(
    "Thông báo dưới đây đã quá thời gian thường lệ mà chưa tới nơi nhận.",
    "Việc gửi vẫn tiếp tục. Đến hết thời hạn mà vẫn không được thì văn thư được báo lần nữa.",
    (
        Step("Việc gấp thì báo nơi nhận bằng cách khác, như điện thoại."),
        _WAITING,
        _CHECK,
        _EXPLAIN,
    ),
)
_RELAY_AWAY = Text(
    "Đã lâu hệ thống không giao được thư nào cho máy chủ chuyển thư.",
    "Thư đến vẫn được nhận và vào sổ; chỉ các thông báo gửi đi phải chờ. Khi giao lại được, hệ thống tự gửi tiếp.",
    (
        Step("Cán bộ công nghệ thông tin kiểm tra máy chủ chuyển thư và đường mạng."),
        _CHECK,
        _WAITING,
    ),
    "Điều 10 khoản 4",
)
_MORE_HELD = Text(
    "Sau thư mà văn thư đã được báo, trong cùng giờ còn có thư khác thuộc cùng trường hợp được tạm giữ.",
    "Các thư này chưa vào sổ, chờ văn thư quyết định; mỗi giờ chỉ có thư đầu tiên được báo riêng.",
    (
        Step("Xem và quyết định từng thư đang tạm giữ:", "vanthu quarantine list"),
        _EXPLAIN,
    ),
)
_LEFT = Text(
    "Một thư trong hộp thư không nhận được vào hệ thống và vẫn nằm nguyên tại đó.",
    "Thư chưa được kiểm tra, chưa vào sổ; nơi gửi chưa được trả lời. Thời hạn 2 giờ hành chính tính từ khi nhận thư. "
    "Trong giờ này có thể còn thư khác nằm lại mà không báo riêng; nhật ký của hệ thống ghi từng thư.",
    (
        Step("Mở hộp thư bằng chương trình thư, xem thư ấy; là văn bản đến thì văn thư tiếp nhận trực tiếp."),
        Step("Thư quá lớn hoặc hỏng thì đề nghị nơi gửi gửi lại."),
        Step("Không xóa thư khi chưa xử lý xong."),
        _CHECK,
    ),
    _TWO_HOURS,
)
_AWAY = Text(
    "Đã lâu hệ thống không xem được hộp thư dưới đây.",
    "Thư mới trong hộp thư chưa được nhận và vào sổ, nhưng vẫn nằm trên máy chủ, không mất. Khi xem lại được, hệ thống "
    "tự nhận tiếp.",
    (
        _CHECK,
        Step("Cán bộ công nghệ thông tin kiểm tra máy chủ thư, mật khẩu của hộp thư và đường mạng."),
        Step("Trong khi chờ, văn thư mở hộp thư bằng chương trình thư để xử lý văn bản gấp đúng thời hạn."),
    ),
    _TWO_HOURS,
)
_STOPPED = Text(
    "Một địa chỉ, hoặc tên miền của địa chỉ ấy, đã nhận đủ số thư trả lời được phép trong 24 giờ; hệ thống tạm ngừng "
    "trả lời địa chỉ này.",
    "Có thể hai máy đang tự trả lời nhau, hoặc nơi gửi nhiều lần gửi thư không tiếp nhận được. Thư của nơi ấy vẫn được "
    "nhận và xử lý; chỉ thư trả lời là không gửi.",
    (
        _EXPLAIN,
        Step("Là cơ quan, cá nhân thật thì liên hệ qua điện thoại để hướng dẫn gửi đúng quy định."),
        _HELD,
    ),
)
_MISUSED = Text(
    "Một thư trả lời mang mã không phải của người gửi, hoặc mã chưa từng được cấp.",
    "Có thể thư thông báo đã bị chuyển tiếp cho người khác, hoặc có người thử dò mã. Không có việc nào được thực hiện; "
    "văn bản không thay đổi.",
    (
        Step("Hỏi người gửi qua số điện thoại đã biết vì sao có mã ấy; nhắc không chuyển tiếp thư có mã trả lời."),
        Step("Nhiều thư như vậy từ cùng một máy gửi thì chặn máy ấy và báo cáo lãnh đạo."),
        _EXPLAIN,
    ),
    "Điều 8 khoản 2 điểm c",
    grave=True,
)
_SCANNER_AWAY = Text(
    "Đã lâu không có máy quét mã độc nào trả lời được.",
    "Thư đến vẫn được nhận, không mất, nhưng chưa được quét nên chưa vào sổ; thông báo có kèm tệp cũng phải chờ. "
    "Thời hạn 2 giờ hành chính vẫn tính từ khi nhận thư. Khi máy quét trả lời lại, hệ thống tự xử lý tiếp "
    "và báo cho biết.",
    (
        Step("Cán bộ công nghệ thông tin kiểm tra dịch vụ máy quét (clamav-daemon) và ổ đĩa, bộ nhớ của máy ấy."),
        _CHECK,
        _WAITING_MAILS,
        Step("Có văn bản gấp thì văn thư liên hệ nơi gửi để tiếp nhận bằng cách khác; không mở tệp chưa quét."),
    ),
    _TWO_HOURS,
)
_SCANNER_BACK = Text(
    "Máy quét mã độc đã trả lời lại.",
    "Các thư, thông báo phải chờ đang được tự xử lý tiếp; không cần làm gì thêm.",
    (_WAITING_MAILS,),
)
_INFECTED_LATER = Text(
    "Với mẫu mã độc mới, phần mềm diệt vi-rút phát hiện mã độc trong tệp của một văn bản đã vào sổ.",
    "Khi vào sổ, tệp chưa bị phát hiện. Từ nay hệ thống không gửi tệp qua thư và không cho tải về; văn bản vẫn nằm "
    "trong sổ. Nếu mẫu mã độc sau này cho kết quả sạch, tệp tự dùng lại được.",
    (
        Step(
            "Báo ngay những người đã nhận tệp: không mở tệp; ai đã mở thì ngắt máy khỏi mạng và báo bộ phận kỹ thuật."
        ),
        Step("Quét lại các máy tính đã mở tệp."),
        Step("Đề nghị nơi gửi quét máy tính đã lập tệp và gửi lại văn bản bằng tệp sạch."),
        _EXPLAIN,
    ),
    "Điều 8 khoản 1 điểm a",
    grave=True,
)
_COPY_LEFT = Text(
    "Nội dung của một thư đã được hủy trong hệ thống, nhưng bản sao của thư vẫn còn trong hộp thư dưới đây.",
    "Người xem được hộp thư còn đọc được thư ấy. Mỗi lần xem hộp thư, hệ thống lại thử xóa cho tới khi xóa được.",
    (
        Step("Hộp thư còn dùng thì kiểm tra kết nối và quyền xóa thư của hệ thống:", "vanthu check"),
        Step("Không xóa được bằng hệ thống thì người quản trị hộp thư xóa hẳn thư ấy ở mọi thư mục, cả thùng rác."),
        _EXPLAIN,
    ),
    "Điều 8 khoản 2 điểm a",
    grave=True,
)
_KEY_AT_HAND = Text(
    "Một thư vừa được niêm phong bằng cặp khóa do hệ thống tự tạo, mà khóa riêng vẫn nằm trên máy chủ này.",
    "Ai đọc được ổ đĩa của máy chủ thì mở được thư đã niêm phong. Thư vẫn được mã hóa, bản rõ vẫn bị hủy.",
    (
        Step(
            "Chép khóa riêng sang nơi an toàn, giao người phụ trách bảo vệ bí mật nhà nước; kiểm tra mở được thì xóa "
            "hẳn khóa riêng trên máy chủ. Chứng thư thì để lại."
        ),
        Step("Nên ghi chứng thư của người phụ trách vào mục secrecy.certificate của tệp cấu hình."),
        Step("Xem khóa riêng đang nằm ở đâu:", "vanthu check"),
    ),
    "Điều 8 khoản 2 điểm a",
    grave=True,
)
_TRUST_ENDING = Text(
    "Chứng thư của tổ chức chứng thực mà hệ thống dùng để kiểm tra chữ ký số sắp hết hạn hoặc vừa hết hạn.",
    "Hết hạn rồi thì chữ ký mới dựa vào chứng thư ấy không còn được công nhận là hợp lệ, văn thư phải xem từng trường "
    "hợp. Chữ ký đã ký khi chứng thư còn hạn vẫn kiểm tra được, nên chứng thư cũ vẫn để lại. Còn sắp hết hạn hoặc hết "
    "hạn chưa quá 30 ngày thì mỗi tuần hệ thống nhắc một lần.",
    (
        Step("Xem các chứng thư đang được tin cậy và hạn dùng:", "vanthu trust list"),
        Step(
            "Lấy chứng thư thay thế ở nơi tổ chức chứng thực công bố, đối chiếu mã băm SHA-256 qua một đường khác "
            "(điện thoại, công văn), rồi thêm vào:",
            "vanthu trust add TỆP",
        ),
        Step("Thêm xong thì khởi động lại dịch vụ và kiểm tra:", "vanthu check"),
    ),
    "Điều 3 khoản 1",
)


_TEXTS: Mapping[AlarmCause, Text] = {
    AlarmCause.COPY_LEFT: _COPY_LEFT,
    AlarmCause.KEY_AT_HAND: _KEY_AT_HAND,
    AlarmCause.TRUST_ENDING: _TRUST_ENDING,
    AlarmCause.IMPERSONATION: _IMPERSONATION,
    AlarmCause.DELIVERY_FAILED: _GAVE_UP,
    AlarmCause.DELIVERY_DELAYED: _LATE,
    AlarmCause.RELAY_AWAY: _RELAY_AWAY,
    AlarmCause.MORE_HELD: _MORE_HELD,
    AlarmCause.MAIL_LEFT: _LEFT,
    AlarmCause.MAILBOX_AWAY: _AWAY,
    AlarmCause.ANSWERS_STOPPED: _STOPPED,
    AlarmCause.MISUSED_TOKEN: _MISUSED,
    AlarmCause.SCANNER_AWAY: _SCANNER_AWAY,
    AlarmCause.SCANNER_BACK: _SCANNER_BACK,
    AlarmCause.INFECTED_LATER: _INFECTED_LATER,
}
_FAILURES: Mapping[str, Text] = {"hard": _BAD_ADDRESS, "soft": _RETURNED, "not_made": _NOT_MADE}


def text_of(cause: AlarmCause, facts: Mapping[str, str]) -> Text:
    """What to say of a cause, by the facts that are known of it."""
    if cause is AlarmCause.DELIVERY_FAILED and facts.get("state") in _FAILURES:
        return _FAILURES[facts["state"]]
    return _TEXTS[cause]
