"""From an order, a document and an asker to a decision or a refusal, by the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from gateway.model.act import Act, Order
from gateway.model.docket import Answer, Docket, Request, ShareState
from gateway.model.wording import SHARE_WORDS, STATE_WORDS
from gateway.policy.acts import assigning, correcting, handling, requests, submissions, summary, voiding
from gateway.policy.acts.authority import part_for, parts_of, roles_of, rows_about
from gateway.policy.acts.matter import Matter
from gateway.policy.acts.records import NO_FACTS, Asker, CorrectionFacts, Decision, Refusal, Surroundings
from gateway.policy.acts.table import PEOPLE, ActRow, Who, rows_of, when_words, who_words

_DOES: Mapping[str, Callable[[Matter], Decision | Refusal]] = {
    "present": assigning.present,
    "assign": assigning.assign,
    "reassign": assigning.assign,
    "transfer": assigning.transfer,
    "accept": handling.accept,
    "delegate": handling.delegate,
    "progress": handling.progress,
    "finish_part": handling.finish_part,
    "finish_forwarded": handling.finish_forwarded,
    "return_part": handling.return_part,
    "return_to_head": handling.return_to_head,
    "return_to_clerk": assigning.return_to_clerk,
    "return_to_sender": assigning.return_to_sender,
    "extend": requests.extend,
    "ask_extension": requests.ask_extension,
    "submit": submissions.submit,
    "forward": submissions.forward,
    "approve_forward": requests.approve_forward,
    "approve_extension": requests.approve_extension,
    "approve_recall": requests.approve_recall,
    "decline_forward": requests.decline_forward,
    "decline_extension": requests.decline_extension,
    "decline_recall": requests.decline_recall,
    "acknowledge": submissions.acknowledge,
    "recall": requests.recall,
    "confirm": correcting.confirm,
    "correct": correcting.correct,
    "void": voiding.void,
    "status": summary.status,
    "help": summary.help_text,
}
_ANSWERS = frozenset({Act.APPROVE, Act.DECLINE})
_MAY_CONFIRM = frozenset(who for row in rows_of(Act.CONFIRM) for who in row.who)
_PART_ORDER = tuple(ShareState)


def decide(
    order: Order,
    docket: Docket,
    asker: Asker,
    around: Surroundings,
    *,
    subject: str = "",
    answered_by: Answer | None = None,
    facts: CorrectionFacts = NO_FACTS,
) -> Decision | Refusal:
    """What becomes of an order. Doing again what is done is refused with the code `already` and harms nothing.

    `subject` is the question that the asker's token is bound to; `answered_by` is a document that came with FINISH,
    `facts` belong to CORRECT.
    """
    roles = roles_of(asker, docket)
    if not roles or (order.act is Act.CONFIRM and not roles & _MAY_CONFIRM):
        return _nothing_here(order.act)
    order = _as_receiver(order, roles)
    request: Request | None = None
    if order.act in _ANSWERS:
        found = _request(order, docket, roles, around, subject)
        if isinstance(found, Refusal):
            return found
        order, request = found
    rows = rows_about(order.act, request.kind if request else None)
    mine = [row for row in rows if row.who & roles]
    if not mine:
        return _not_yours(rows, docket)
    fitting = [row for row in mine if docket.state in row.states]
    for row in fitting:
        part = part_for(row, asker, docket)
        if not row.parts or part is not None:
            return _DOES[row.name](
                Matter(order, docket, asker, around, row, part, request, subject, answered_by, facts)
            )
    return _wrong_part(fitting[0], asker, docket) if fitting else _wrong_state(mine, docket)


def _nothing_here(act: Act) -> Refusal:
    """What is said to who has no part in the document, and to a confirmation of nothing."""
    if act is Act.CONFIRM:
        return Refusal("nothing_to_confirm", "Không có lệnh nào đang chờ xác nhận.")
    return Refusal("not_yours", "Ông/Bà không có phần việc nào ở văn bản này.", _first_clause(act))


def _as_receiver(order: Order, roles: frozenset[Who]) -> Order:
    """A receiver of a submission who says `Đã nhận` acknowledges it."""
    if order.act is Act.ACCEPT and Who.RECEIVER in roles and not roles & {Who.UNIT, Who.SPECIALIST}:
        return replace(order, act=Act.ACKNOWLEDGE)
    return order


def _request(
    order: Order, docket: Docket, roles: frozenset[Who], around: Surroundings, subject: str
) -> tuple[Order, Request] | Refusal:
    """The question that is answered: the one the notice put, the one that is named, or the only one he may answer."""
    waiting = requests.open_requests(docket)
    answered = next((each for each in waiting if each.subject == subject), None)
    change = requests.changeable(docket, order.act)
    if answered is None and change and subject in {"", change.subject} and not (subject == "" and waiting):
        answered = change
    if answered:
        return order, answered
    if subject in _SUBJECTS or subject.startswith("extension:"):
        text = "Việc này đã được trả lời hoặc không còn chờ trả lời."
        return Refusal("already", text, _first_clause(order.act))
    mine = tuple(each for each in waiting if any(row.who & roles for row in rows_about(order.act, each.kind)))
    if waiting and not mine:
        return _not_yours(tuple(row for each in waiting for row in rows_about(order.act, each.kind)), docket)
    return _named_request(order, docket, mine, around)


def _named_request(
    order: Order, docket: Docket, mine: tuple[Request, ...], around: Surroundings
) -> tuple[Order, Request] | Refusal:
    named = requests.named_in(order.text, mine, around)
    if named and (order.act is not Act.APPROVE or not named[1]):
        return replace(order, text=named[1]), named[0]
    if len(mine) == 1 and not (order.act is Act.APPROVE and order.text.strip()):
        return order, mine[0]
    clause = _first_clause(order.act)
    if mine:
        text = "Có nhiều việc đang chờ trả lời; hãy trả lời đúng thư của từng việc, hoặc ghi rõ việc nào."
        return Refusal("ambiguous_request", text, clause, requests.answers_to(order.act, mine, around))
    text = f"Văn bản {STATE_WORDS[docket.state]}; không có đề nghị nào đang chờ trả lời."
    return Refusal("nothing_asked", text, clause)


_SUBJECTS = frozenset({"forward", "recall"})


def _first_clause(act: Act) -> str:
    return rows_of(act)[0].clause


def _not_yours(rows: tuple[ActRow, ...], docket: Docket) -> Refusal:
    who = who_words(frozenset().union(*(row.who for row in rows)) & PEOPLE)
    keyword = rows[0].keyword
    text = f"Lệnh “{keyword}” chỉ dành cho {who}; văn bản hiện {STATE_WORDS[docket.state]}."
    return Refusal("not_yours", text, rows[0].clause)


def _wrong_state(rows: list[ActRow], docket: Docket) -> Refusal:
    row = rows[0]
    if any(docket.state in each.to for each in rows):
        return Refusal("already", f"Văn bản {STATE_WORDS[docket.state]}; lệnh này đã được thực hiện.", row.clause)
    when = "; ".join(dict.fromkeys(when_words(each) for each in rows))
    used = f"dùng được, {when}" if when.startswith("trừ khi") else f"dùng khi: {when}"
    text = f"Văn bản {STATE_WORDS[docket.state]} nên không thực hiện được lệnh “{row.keyword}”. Lệnh này {used}."
    return Refusal("wrong_state", text, row.clause)


def _wrong_part(row: ActRow, asker: Asker, docket: Docket) -> Refusal:
    part = next(iter(parts_of(asker, docket, row.who)), None)
    if part is None:
        return _not_yours((row,), docket)
    latest = max(_PART_ORDER.index(state) for state in row.parts)
    words = f"Phần việc của đơn vị {SHARE_WORDS[part.state]}"
    if part.state is not ShareState.RETURNED and _PART_ORDER.index(part.state) > latest:
        return Refusal("already", f"{words}; không cần báo lại.", row.clause)
    return Refusal("wrong_state", f"{words} nên chưa dùng được lệnh “{row.keyword}”.", row.clause)
