"""Who may do what in which state: the one table that decisions follow and the clerk's guide is printed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.model.act import Act
from gateway.model.docket import DocumentState, RequestKind, ShareState
from gateway.model.wording import SHARE_WORDS, STATE_WORDS


class Who(StrEnum):
    """What somebody is to a document. UNIT heads an assigned unit or is its clerk, SPECIALIST has it in hand.

    MACHINE are the gateway's own rules, OPERATOR is who types a command on the machine.
    """

    CLERK = "clerk"
    LEADER = "leader"
    UNIT = "unit"
    SPECIALIST = "specialist"
    SENDER = "sender"
    RECEIVER = "receiver"
    MACHINE = "machine"
    OPERATOR = "operator"


WHO_WORDS: Mapping[Who, str] = {
    Who.CLERK: "văn thư Sở",
    Who.LEADER: "người có thẩm quyền",
    Who.UNIT: "lãnh đạo hoặc văn thư đơn vị được phân công",
    Who.SPECIALIST: "chuyên viên được giao",
    Who.SENDER: "nơi gửi văn bản",
    Who.RECEIVER: "nơi nhận văn bản trình",
    Who.MACHINE: "hệ thống, theo quy tắc đã đặt",
    Who.OPERATOR: "người vận hành máy, bằng dòng lệnh",
}
PEOPLE = frozenset(Who) - {Who.MACHINE, Who.OPERATOR}
"""Who may ask by mail or on the page."""


@dataclass(frozen=True, slots=True)
class ActRow:
    """One thing that may be done.

    An asker who is one of `who` may do it while the document is in one of `states` and, where `parts` are named, his
    unit's part in one of those; `to` are the states it may lead to. `about` narrows an answer to what was asked.
    `label` and `reply` are the ready-made answer of a notice, `text` says in Vietnamese what follows.
    """

    name: str
    act: Act
    keyword: str
    example: str
    who: frozenset[Who]
    states: frozenset[DocumentState]
    to: frozenset[DocumentState]
    clause: str
    text: str
    label: str
    reply: str
    parts: frozenset[ShareState] = frozenset()
    about: RequestKind | None = None
    irreversible: bool = False


_S = DocumentState
_EVERY = frozenset(DocumentState)
OPEN = frozenset(state for state in DocumentState if not state.is_end)
_KEPT = _EVERY - {_S.RETURNED, _S.RECALLED, _S.VOIDED}
_WITH_UNITS = OPEN - {_S.REGISTERED}
_BY_LEAD = frozenset({_S.ASSIGNED, _S.TRANSFERRED, _S.ACCEPTED, _S.IN_PROGRESS, _S.FORWARDED})
_AT_WORK = frozenset({ShareState.TRANSFERRED, ShareState.ACCEPTED, ShareState.IN_PROGRESS})
_OF_UNIT = frozenset({Who.UNIT, Who.SPECIALIST})
_OFFICE = frozenset({Who.CLERK, Who.LEADER})
_ASSIGN_REPLY = "Chủ trì: \nPhối hợp: \nHạn: \nÝ kiến: "

TABLE: tuple[ActRow, ...] = (
    ActRow(
        "present",
        Act.PRESENT,
        "Trình",
        "Trình: Nguyễn Văn Nam",
        frozenset({Who.CLERK, Who.MACHINE}),
        frozenset({_S.REGISTERED, _S.PRESENTED}),
        frozenset({_S.PRESENTED}),
        "Điều 11 khoản 2",
        "Trình lãnh đạo cho ý kiến phân công; không ghi tên thì trình người có thẩm quyền duy nhất.",
        "Trình lãnh đạo",
        "Trình: ",
    ),
    ActRow(
        "assign",
        Act.ASSIGN,
        "Chủ trì",
        "Chủ trì: Phòng KHTC (15/9)",
        frozenset({Who.LEADER}),
        frozenset({_S.REGISTERED, _S.PRESENTED, _S.ASSIGNED}),
        _BY_LEAD - {_S.FORWARDED},
        "Điều 11 khoản 2",
        "Phân công đơn vị chủ trì, phối hợp, thời hạn và ý kiến chỉ đạo; văn thư được báo để chuyển giao.",
        "Phân công",
        _ASSIGN_REPLY,
    ),
    ActRow(
        "reassign",
        Act.ASSIGN,
        "Chủ trì",
        "Chủ trì: Văn phòng",
        frozenset({Who.LEADER}),
        frozenset({_S.TRANSFERRED, _S.ACCEPTED, _S.IN_PROGRESS, _S.FORWARDED}),
        _BY_LEAD,
        "Điều 11 khoản 2",
        "Phân công lại khi đã chuyển giao; đơn vị thôi xử lý được báo, đơn vị mới chờ văn thư chuyển giao.",
        "Phân công lại",
        _ASSIGN_REPLY,
    ),
    ActRow(
        "transfer",
        Act.TRANSFER,
        "Chuyển",
        "Chuyển",
        frozenset({Who.CLERK}),
        _BY_LEAD,
        _BY_LEAD - {_S.ASSIGNED},
        "Điều 11 khoản 2",
        "Chuyển giao cho các đơn vị được phân công; ghi thêm được thời hạn nơi lãnh đạo chưa ghi. Nơi gửi được báo.",
        "Chuyển giao các đơn vị",
        "Chuyển",
    ),
    ActRow(
        "accept",
        Act.ACCEPT,
        "Đã nhận",
        "Đã nhận",
        _OF_UNIT,
        _WITH_UNITS,
        _WITH_UNITS,
        "Điều 3 khoản 4",
        "Đơn vị xác nhận đã nhận văn bản.",
        "Đã nhận",
        "Đã nhận",
        parts=frozenset({ShareState.TRANSFERRED}),
    ),
    ActRow(
        "delegate",
        Act.DELEGATE,
        "Giao",
        "Giao: Nguyễn Văn Nam hạn 15/9",
        frozenset({Who.UNIT}),
        _WITH_UNITS,
        _WITH_UNITS,
        "Điều 3 khoản 4",
        "Đơn vị giao chuyên viên của mình; giao cũng là đã nhận.",
        "Giao chuyên viên",
        "Giao: ",
        parts=_AT_WORK,
    ),
    ActRow(
        "progress",
        Act.PROGRESS,
        "Đang xử lý",
        "Đang xử lý: đã xin số liệu của huyện",
        _OF_UNIT,
        _WITH_UNITS,
        _WITH_UNITS,
        "Điều 3 khoản 5",
        "Báo đang xử lý; của đơn vị chủ trì thì nơi gửi được báo.",
        "Đang xử lý",
        "Đang xử lý",
        parts=_AT_WORK,
    ),
    ActRow(
        "finish_part",
        Act.FINISH,
        "Hoàn thành",
        "Hoàn thành: đã trả lời bằng văn bản",
        _OF_UNIT,
        _WITH_UNITS,
        _WITH_UNITS | {_S.FINISHED},
        "Điều 11 khoản 4 điểm a",
        "Báo đã giải quyết xong, kèm ghi chú hoặc văn bản trả lời. Đơn vị chủ trì xong là văn bản hoàn thành.",
        "Hoàn thành",
        "Hoàn thành: ",
        parts=_AT_WORK,
    ),
    ActRow(
        "finish_forwarded",
        Act.FINISH,
        "Hoàn thành",
        "Hoàn thành: UBND tỉnh đã trả lời",
        frozenset({Who.CLERK}),
        frozenset({_S.FORWARDED}),
        frozenset({_S.FINISHED}),
        "Điều 5 khoản 4",
        "Kết thúc văn bản đã chuyển UBND tỉnh.",
        "Hoàn thành",
        "Hoàn thành: ",
    ),
    ActRow(
        "return_part",
        Act.RETURN,
        "Trả lại",
        "Trả lại: không thuộc chức năng của phòng",
        frozenset({Who.UNIT}),
        _WITH_UNITS,
        _WITH_UNITS,
        "Điều 11 khoản 2",
        "Đơn vị trả lại phần việc, nêu lý do; của đơn vị chủ trì thì lãnh đạo phân công lại.",
        "Trả lại",
        "Trả lại: ",
        parts=_AT_WORK,
    ),
    ActRow(
        "return_to_head",
        Act.RETURN,
        "Trả lại",
        "Trả lại: đang đi công tác",
        frozenset({Who.SPECIALIST}),
        _WITH_UNITS,
        _WITH_UNITS,
        "Điều 11 khoản 4 điểm b",
        "Chuyên viên trả lại lãnh đạo đơn vị, nêu lý do.",
        "Trả lại lãnh đạo đơn vị",
        "Trả lại: ",
        parts=_AT_WORK,
    ),
    ActRow(
        "return_to_clerk",
        Act.RETURN,
        "Trả lại",
        "Trả lại: cần hỏi lại nơi gửi",
        frozenset({Who.LEADER}),
        frozenset({_S.PRESENTED, _S.ASSIGNED}),
        frozenset({_S.REGISTERED}),
        "Điều 11 khoản 2",
        "Lãnh đạo trả lại văn thư, nêu lý do; phân công trước đó không còn.",
        "Trả lại văn thư",
        "Trả lại: ",
    ),
    ActRow(
        "return_to_sender",
        Act.RETURN,
        "Trả lại",
        "Trả lại: gửi nhầm cơ quan",
        frozenset({Who.CLERK}),
        frozenset({_S.REGISTERED, _S.PRESENTED}),
        frozenset({_S.RETURNED}),
        "Điều 11 khoản 1 điểm a",
        "Văn thư trả lại nơi gửi, nêu lý do; văn bản kết thúc.",
        "Trả lại nơi gửi",
        "Trả lại: ",
    ),
    ActRow(
        "extend",
        Act.EXTEND,
        "Gia hạn",
        "Gia hạn: 20/9",
        frozenset({Who.LEADER}),
        _WITH_UNITS,
        _WITH_UNITS,
        "Điều 11 khoản 2",
        "Lãnh đạo đặt thời hạn mới cho đơn vị đã đề nghị, nếu không thì cho đơn vị chủ trì.",
        "Đặt thời hạn mới",
        "Gia hạn: ",
    ),
    ActRow(
        "ask_extension",
        Act.EXTEND,
        "Gia hạn",
        "Gia hạn: 20/9 lý do chờ số liệu của huyện",
        _OF_UNIT,
        _WITH_UNITS,
        _WITH_UNITS,
        "Điều 11 khoản 3",
        "Đơn vị đề nghị lãnh đạo cho thời hạn mới.",
        "Đề nghị gia hạn",
        "Gia hạn: ",
        parts=_AT_WORK,
    ),
    ActRow(
        "submit",
        Act.SUBMIT,
        "Trình UBND",
        "Trình UBND",
        frozenset({Who.CLERK, Who.MACHINE}),
        OPEN - {_S.FORWARDED},
        OPEN - {_S.FORWARDED},
        "Điều 5 khoản 4",
        "Xác định là văn bản trình UBND tỉnh và báo cáo Giám đốc.",
        "Trình UBND",
        "Trình UBND",
    ),
    ActRow(
        "forward",
        Act.FORWARD,
        "Chuyển UBND",
        "Chuyển UBND",
        frozenset({Who.CLERK}),
        OPEN,
        frozenset({_S.FORWARDED}),
        "Điều 5 khoản 4",
        "Gửi văn bản trình đã được Giám đốc đồng ý đến hộp thư UBND tỉnh. Gửi lại thì ghi “Chuyển lại UBND: lý do”.",
        "Chuyển UBND",
        "Chuyển UBND",
        irreversible=True,
    ),
    *(
        ActRow(
            f"{verb}_{about.value}",
            act,
            keyword,
            example,
            who,
            states,
            ended if act is Act.APPROVE else states,
            clause,
            text,
            keyword,
            reply,
            about=about,
            irreversible=act is Act.APPROVE and about is RequestKind.RECALL,
        )
        for verb, act, keyword, example, reply in (
            ("approve", Act.APPROVE, "Đồng ý", "Đồng ý", "Đồng ý"),
            ("decline", Act.DECLINE, "Không đồng ý", "Không đồng ý: hồ sơ chưa đủ", "Không đồng ý: "),
        )
        for about, who, states, ended, clause, text in (
            (
                RequestKind.FORWARD,
                frozenset({Who.LEADER}),
                OPEN - {_S.FORWARDED},
                OPEN - {_S.FORWARDED},
                "Điều 5 khoản 4",
                "Giám đốc cho ý kiến về việc chuyển văn bản trình.",
            ),
            (
                RequestKind.EXTENSION,
                frozenset({Who.LEADER}),
                _WITH_UNITS,
                _WITH_UNITS,
                "Điều 11 khoản 3",
                "Lãnh đạo trả lời đề nghị gia hạn của đơn vị.",
            ),
            (
                RequestKind.RECALL,
                _OFFICE,
                OPEN,
                frozenset({_S.RECALLED}),
                "Điều 3 khoản 5",
                "Trả lời đề nghị thu hồi của nơi gửi; đồng ý thì văn bản kết thúc, đơn vị dừng xử lý, hủy bản sao.",
            ),
        )
    ),
    ActRow(
        "acknowledge",
        Act.ACKNOWLEDGE,
        "Đã nhận",
        "Đã nhận",
        frozenset({Who.RECEIVER}),
        _EVERY - {_S.VOIDED},
        _EVERY - {_S.VOIDED},
        "Điều 5 khoản 4",
        "Nơi nhận xác nhận đã nhận văn bản trình; văn thư, Giám đốc và nơi gửi được báo.",
        "Đã nhận",
        "Đã nhận",
    ),
    ActRow(
        "recall",
        Act.RECALL,
        "Thu hồi",
        "Thu hồi: gửi nhầm phụ lục",
        frozenset({Who.SENDER}),
        OPEN,
        OPEN,
        "Điều 3 khoản 5",
        "Nơi gửi đề nghị thu hồi; văn thư hoặc lãnh đạo trả lời.",
        "Thu hồi văn bản",
        "Thu hồi: ",
        irreversible=True,
    ),
    ActRow(
        "confirm",
        Act.CONFIRM,
        "Xác nhận",
        "Xác nhận: số, ngày",
        frozenset({Who.CLERK, Who.OPERATOR}),
        _KEPT,
        _KEPT,
        "Điều 11 khoản 1 điểm b",
        "Xác nhận thông tin máy đọc chưa chắc là đúng; không ghi mục nào là mọi mục đang hỏi.",
        "Xác nhận thông tin đã đọc",
        "Xác nhận",
    ),
    ActRow(
        "correct",
        Act.CORRECT,
        "Sửa",
        "Sửa: số=955/QĐ-SGTVT; ngày=15/9/2026",
        frozenset({Who.CLERK, Who.OPERATOR}),
        _KEPT,
        _KEPT,
        "Điều 11 khoản 1 điểm b",
        "Sửa thông tin trong sổ, xét lại theo các quy tắc như khi vào sổ; câu trả lời ghi lại cả cũ lẫn mới.",
        "Sửa thông tin trong sổ",
        "Sửa: số=; ngày=; trích yếu=",
    ),
    ActRow(
        "void",
        Act.VOID,
        "Hủy số",
        "Hủy số: vào sổ hai lần, đã có số đến 15",
        frozenset({Who.CLERK, Who.OPERATOR}),
        _KEPT - {_S.FORWARDED},
        frozenset({_S.VOIDED}),
        "Điều 11 khoản 1 điểm b",
        "Hủy một số vào sổ nhầm: dòng và số vẫn nằm trong sổ, ghi chú nêu lý do; gửi lại thì vào sổ số mới.",
        "Hủy số vào sổ nhầm",
        "Hủy số: ",
        irreversible=True,
    ),
    *(
        ActRow(
            act.value,
            act,
            keyword,
            keyword,
            PEOPLE,
            _EVERY,
            _EVERY,
            "Điều 3 khoản 5",
            text,
            keyword,
            keyword,
        )
        for act, keyword, text in (
            (Act.STATUS, "Trạng thái", "Cho biết văn bản đang ở đâu, phần việc và thời hạn của từng đơn vị."),
            (Act.HELP, "Trợ giúp", "Kể những lệnh mà người hỏi dùng được lúc này."),
        )
    ),
)
"""Rows of one act stand in the order in which they are tried for somebody who is several things at once."""

_HEADINGS = ("Từ khóa", "Ví dụ", "Ai được làm", "Khi nào", "Kết quả", "Căn cứ")


def rows_of(act: Act) -> tuple[ActRow, ...]:
    """The rows of one act."""
    return tuple(row for row in TABLE if row.act is act)


def as_markdown() -> str:
    """The table in Vietnamese for the clerk's guide, with a line end after the last row."""
    lines = [_line(_HEADINGS), _line(("---",) * len(_HEADINGS))]
    for row in TABLE:
        result = f"{row.text} Không rút lại được." if row.irreversible else row.text
        lines.append(_line((row.keyword, f"`{row.example}`", who_words(row.who), when_words(row), result, row.clause)))
    return "\n".join(lines) + "\n"


def who_words(who: frozenset[Who]) -> str:
    """`văn thư Sở hoặc người có thẩm quyền`."""
    if who >= PEOPLE:
        return "mọi người có phần ở văn bản"
    *first, last = [WHO_WORDS[each] for each in Who if each in who]
    return f"{', '.join(first)} hoặc {last}" if first else last


def when_words(row: ActRow) -> str:
    """In which states of the document, or of the unit's part, a row applies."""
    if row.parts:
        return f"phần việc của đơn vị: {'; '.join(SHARE_WORDS[state] for state in ShareState if state in row.parts)}"
    if row.states == _EVERY:
        return "bất cứ lúc nào"
    if row.states == OPEN:
        return "văn bản chưa kết thúc"
    missing = [state for state in DocumentState if state not in row.states]
    if len(missing) < len(row.states):
        return f"trừ khi {'; '.join(STATE_WORDS[state] for state in missing)}"
    return "; ".join(STATE_WORDS[state] for state in DocumentState if state in row.states)


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
