"""Words for what only the command line shows: journal entries, rules, and what work is waiting for."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.model.finding import Outcome
from gateway.model.journal import NewEvent
from gateway.model.mail import MailStage
from gateway.model.notice import NoticeKind
from gateway.model.report import ReportedAction
from gateway.model.verdict import Disposition
from gateway.model.wording import (
    ACTION_WORDS,
    DISPOSITION_WORDS,
    NOTICE_WORDS,
    OUTCOME_WORDS,
    STAGE_WORDS,
    WAIT_WORDS,
    size,
)
from gateway.policy.rules import RULES

_EVENTS = {
    "mail.accepted": "nhận thư",
    "mail.parsed": "đọc cấu trúc thư",
    "mail.inspected": "kiểm tra tệp",
    "mail.judged": "xét theo quy chế",
    "mail.registered": "vào sổ xong cả thư",
    "mail.noted": "ghi nhận thư, không vào sổ",
    "mail.refused": "không tiếp nhận thư",
    "mail.held": "tạm giữ thư",
    "mail.dead": "ngừng xử lý thư",
    "mail.waiting": "chờ",
    "mail.released": "chấp nhận thư tạm giữ",
    "mail.replayed": "xử lý lại thư",
    "mail.purged": "tiêu hủy nội dung thư",
    "mail.sealed": "niêm phong thư",
    "mail.unsealed": "đưa trở lại thư đã niêm phong",
    "seal.copied": "lấy bản đã mã hóa của thư niêm phong",
    "content.shared": "giữ lại phần mà thư khác cũng có",
    "content.expunged": "xóa thư khỏi hộp thư",
    "content.destroyed": "hủy xong nội dung thư",
    "content.recalled": "hủy nội dung văn bản bị thu hồi",
    "mail.found_again": "gặp lại đúng thư này trong hộp thư",
    "document.registered": "vào sổ văn bản",
    "document.present": "trình người có thẩm quyền",
    "document.assign": "phân công",
    "document.transfer": "chuyển giao",
    "document.accept": "đơn vị tiếp nhận",
    "document.delegate": "giao chuyên viên",
    "document.progress": "báo đang xử lý",
    "document.finish": "báo hoàn thành",
    "document.return": "trả lại",
    "document.correct": "sửa thông tin trong sổ",
    "document.confirm": "xác nhận thông tin trong sổ",
    "document.void": "hủy số",
    "document.issued": "vào sổ văn bản đi",
    "document.answered": "được trả lời bằng văn bản đi",
    "document.answer_voided": "số của văn bản trả lời đã hủy",
    "document.status": "hỏi trạng thái",
    "document.help": "hỏi cách dùng",
    "document.extend": "gia hạn",
    "document.recall": "đề nghị lấy lại",
    "document.submit": "đưa vào diện trình UBND",
    "document.forward": "chuyển UBND",
    "document.approve": "đồng ý",
    "document.decline": "không đồng ý",
    "document.acknowledge": "nơi nhận xác nhận đã nhận",
    "document.reminded": "nhắc việc",
    "document.paper_require": "Giám đốc yêu cầu bản giấy",
    "document.paper_waive": "Giám đốc cho phép không gửi bản giấy",
    "document.paper_receive": "nhận bản giấy",
    "document.replied": "nơi gửi trả lời bằng lời",
    "submission.relayed": "máy chủ thư đã nhận thư chuyển",
    "submission.delivered": "thư chuyển đã đến hộp thư",
    "submission.forward_failed": "thư chuyển không đến nơi nhận",
    "submission.fetched": "máy tự động mở trang của nơi nhận",
    "submission.opened": "nơi nhận mở trang theo dõi",
    "submission.answered": "có văn bản trả lời",
    "order.refused": "không thực hiện lệnh",
    "orders.applied": "thực hiện lệnh trong thư",
    "orders.denied": "không nhận lệnh trong thư",
    "orders.replayed": "gặp lại lệnh đã thực hiện",
    "answer.withheld": "không gửi thêm thư trả lời",
    "receipt.made": "ký phiếu tiếp nhận",
    "receipt.failed": "không ký được phiếu tiếp nhận",
    "notice.sent": "gửi thông báo",
    "notice.failed": "ngừng gửi thông báo",
    "notice.retried": "gửi lại thông báo",
    "notice.reported": "nhận báo cáo về thông báo",
    "mailbox.mail_left": "để lại một thư trong hộp thư",
    "mailbox.away": "không xem được hộp thư",
    "mail.scanned_again": "quét lại thấy khác, xét lại thư",
    "document.infected": "quét lại phát hiện mã độc trong tệp đã vào sổ",
    "document.scanned_again": "quét lại tệp đã vào sổ thấy khác",
    "scanner.away": "không máy quét nào trả lời",
    "scanner.back": "máy quét trả lời lại",
    "day.closed": "đóng sổ ngày",
    "directory.imported": "nạp danh bạ",
    "party.added": "thêm vào danh bạ",
    "party.changed": "sửa trong danh bạ",
    "party.removed": "bỏ khỏi danh bạ",
    "trust.added": "thêm chứng thư được tin cậy",
    "trust.removed": "bỏ chứng thư được tin cậy",
    "trust.ending": "nhắc chứng thư được tin cậy sắp hết hạn",
}
_DATA = {
    "sha256": "SHA-256",
    "head": "nhật ký đến sự kiện",
    "size": "dung lượng",
    "from": "người gửi",
    "peer": "máy gửi",
    "to": "người nhận",
    "book": "sổ",
    "year": "năm",
    "arrival_number": "số đến",
    "disposition": "kết luận",
    "rules": "quy tắc",
    "about": "về thư",
    "was": "trước đó",
    "mail": "theo thư",
    "reason": "lý do",
    "stage": "bước",
    "error": "lỗi",
    "waiting_for": "đang chờ",
    "notice": "thông báo",
    "response": "trả lời",
    "kind": "loại",
    "parts": "số phần",
    "files": "số tệp",
    "transport_id": "vị trí",
    "action": "kết quả",
    "status": "mã trạng thái",
    "mailbox": "hộp thư",
    "folder": "thư mục",
    "uid": "UID",
    "since": "từ lúc",
    "until": "đến lúc",
    "machine": "máy chủ",
    "verdict": "kết quả quét",
    "virus": "mã độc",
    "engine": "máy quét",
    "parties": "số mục",
    "added": "thêm",
    "changed": "sửa",
    "removed": "bỏ",
    "code": "mã",
    "level": "độ mật",
    "certificate": "chứng thư",
    "sealed_sha256": "SHA-256 bản mã hóa",
    "found": "số bản đã xóa",
    "text": "nội dung",
    "subject": "chủ thể",
    "pinned": "mã băm có sẵn",
    "certificates": "chứng thư",
    "paper": "bản giấy",
    "received_at": "nhận lúc",
}
_RULES = {rule.key: rule.title for rule in RULES} | {"clerk": "văn thư quyết định"}
_ACTORS = {"gateway": "cổng"}


def event_words(kind: str) -> str:
    """What an event of the journal says happened; the kind itself where it has no words."""
    return _EVENTS.get(kind, kind)


def actor_words(actor: str) -> str:
    """Who did it: the gateway, or the login name of a person."""
    return _ACTORS.get(actor, actor.removeprefix("cli:"))


def waits_for(key: str) -> str:
    """What a mail waits for."""
    return WAIT_WORDS.get(key, key)


def details(event: NewEvent) -> str:
    """The data of an event as `khóa: giá trị` pairs, empty values left out."""
    told = ((_DATA.get(key, key), _value(key, value)) for key, value in (event.data or {}).items())
    return "; ".join(f"{name}: {value}" for name, value in told if value)


def _value(key: str, value: object) -> str:
    match key, value:
        case _, list() | tuple():
            return ", ".join(_rule(str(each)) if key == "rules" else str(each) for each in value)
        case "size", int():
            return size(value)
        case "pinned", bool():
            return "có" if value else "không"
        case "disposition" | "stage" | "was" | "notice" | "waiting_for" | "action", str():
            return _VALUES[key].get(value, value)
        case _:
            return "" if value is None else str(value)


def _rule(text: str) -> str:
    """`infected:refuse` as `mã độc (không tiếp nhận)`."""
    rule, _, outcome = text.partition(":")
    level = OUTCOME_WORDS[Outcome(outcome)].lower() if outcome in set(Outcome) else outcome
    return f"{_RULES.get(rule, rule)}{f' ({level})' if level else ''}"


_VALUES: Mapping[str, Mapping[str, str]] = {
    "disposition": {each.value: DISPOSITION_WORDS[each] for each in Disposition},
    "stage": {each.value: STAGE_WORDS[each] for each in MailStage},
    "was": {each.value: STAGE_WORDS[each] for each in MailStage},
    "notice": {each.value: NOTICE_WORDS[each] for each in NoticeKind},
    "waiting_for": WAIT_WORDS,
    "action": {each.value: ACTION_WORDS[each] for each in ReportedAction},
}
