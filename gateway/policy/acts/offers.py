"""What somebody may do now, as ready-made replies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from gateway.model.act import Act
from gateway.model.docket import Approval, Assignment, Docket, DocumentState, RequestKind, ShareState
from gateway.model.wording import day
from gateway.policy.acts.assigning import leaders
from gateway.policy.acts.authority import part_for, roles_of
from gateway.policy.acts.correcting import correction_reply
from gateway.policy.acts.entered import value_in
from gateway.policy.acts.records import Asker, Surroundings
from gateway.policy.acts.requests import open_requests, request_words
from gateway.policy.acts.table import TABLE, ActRow, Who
from gateway.policy.header.asking import asked_of

_FEW = 5
_SETTLING = frozenset({Act.CONFIRM, Act.CORRECT})
_RARE = frozenset({Act.CORRECT, Act.VOID, Act.STATUS, Act.HELP})


def offers(docket: Docket, asker: Asker, around: Surroundings, subject: str = "") -> tuple[tuple[str, str], ...]:
    """(Vietnamese label, reply text) of each thing that the asker may do now, the most usual first.

    The question of `subject` comes before all else; a reply ends where a person has to fill in.
    """
    roles = roles_of(asker, docket)
    may = [row for row in TABLE if _may(row, roles, docket, asker)]
    found: list[tuple[str, str]] = []
    for row in sorted(may, key=lambda row: _rank(row, docket)):
        found += _of(row, docket, around, subject)
    return tuple(dict.fromkeys(found))


def _may(row: ActRow, roles: frozenset[Who], docket: Docket, asker: Asker) -> bool:
    """Whether the table allows it, and it is not done already."""
    if not (row.who & roles) or docket.state not in row.states:
        return False
    part = part_for(row, asker, docket)
    if row.parts and part is None:
        return False
    done = _OPEN_TO.get(row.name)
    if done is not None:
        return done(docket, part, asker)
    return row.about is None or any(request.kind is row.about for request in open_requests(docket))


def _may_forward(docket: Docket, _part: Assignment | None, _asker: Asker) -> bool:
    submission = docket.submission
    if submission is None or docket.open_request(RequestKind.RECALL.value):
        return False
    sent = submission.forwardings[-1:]
    return submission.approval in _LET_GO and (not sent or sent[0].failed_at is not None)


def _may_acknowledge(docket: Docket, _part: Assignment | None, asker: Asker) -> bool:
    sent = docket.submission.forwardings if docket.submission else ()
    return any(each.number == asker.is_receiver_of and each.acknowledged_at is None for each in sent)


_LET_GO = frozenset({Approval.GIVEN, Approval.NOT_REQUIRED})
_OPEN_TO: Mapping[str, Callable[[Docket, Assignment | None, Asker], bool]] = {
    "present": lambda docket, _part, _asker: docket.state is DocumentState.REGISTERED,
    "transfer": lambda docket, _part, _asker: any(each.state is ShareState.ASSIGNED for each in docket.assignments),
    "progress": lambda _docket, part, _asker: part is not None and part.state is not ShareState.IN_PROGRESS,
    "delegate": lambda _docket, part, _asker: part is not None and part.specialist is None,
    "confirm": lambda docket, _part, _asker: any(
        value_in(docket.document, name) is not None for name in asked_of(docket.document.header)
    ),
    "extend": lambda docket, _part, _asker: any(each.kind is RequestKind.EXTENSION for each in docket.requests),
    "ask_extension": lambda _docket, part, _asker: part is not None and part.deadline is not None,
    "submit": lambda docket, _part, _asker: (
        docket.submission is None or docket.submission.approval is Approval.DECLINED
    ),
    "forward": _may_forward,
    "recall": lambda docket, _part, _asker: docket.open_request(RequestKind.RECALL.value) is None,
    "acknowledge": _may_acknowledge,
}
"""Where the table allows more than there is to do: what is done already is not offered."""


def _rank(row: ActRow, docket: Docket) -> tuple[int, int]:
    """Answers to questions, also to what the register asks, then a submission's own way, then the order of the table.

    What is rare comes last.
    """
    if row.about is not None or (row.act in _SETTLING and asked_of(docket.document.header)):
        return 0, TABLE.index(row)
    if row.act is Act.FORWARD:
        return 1, 0
    return (3 if row.act in _RARE else 2), TABLE.index(row)


def _of(row: ActRow, docket: Docket, around: Surroundings, subject: str) -> Iterable[tuple[str, str]]:
    if row.about is not None:
        return _answers(row, docket, around, subject)
    if row.act is Act.ASSIGN:
        reply, units = _until(row.reply, docket, around), around.staff.units()
        few = units if len(units) <= _FEW else ()
        ready = [(f"{unit.name} chủ trì", reply.replace("Chủ trì: ", f"Chủ trì: {unit.name}")) for unit in few]
        return [(row.label, reply), *ready]
    if row.act is Act.CORRECT:
        return [(row.label, correction_reply(docket, row.reply))]
    among = leaders(around.staff.people())
    if row.act is Act.PRESENT and 0 < len(among) <= _FEW:
        return [(f"Trình {leader.name}", f"Trình: {leader.name}") for leader in among]
    return [(row.label, row.reply)]


def _until(reply: str, docket: Docket, around: Surroundings) -> str:
    """An assignment with the day until which the document asks for an answer, while that is still ahead."""
    reply_by = docket.document.header.reply_by
    return reply.replace("Hạn: ", f"Hạn: {day(reply_by)}") if reply_by and reply_by > around.today else reply


def _answers(row: ActRow, docket: Docket, around: Surroundings, subject: str) -> Iterator[tuple[str, str]]:
    """One for each question of the kind; where there is only one, or it is the one that was put, the plain words."""
    asked = open_requests(docket)
    for request in asked:
        if request.kind is not row.about or (subject and docket.open_request(subject) and request.subject != subject):
            continue
        words = request_words(request, around)
        label = f"{row.label} {words}"
        if len(asked) == 1 or request.subject == subject:
            yield label, row.reply
        else:
            yield label, f"{row.keyword}: {words}{': ' if row.act is Act.DECLINE else ''}"
