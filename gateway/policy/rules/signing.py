"""Who signed a document as what, and what of it the clerk has to look at (Điều 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.model.document import RegisteredFile
from gateway.model.finding import Finding, Outcome
from gateway.model.signature import Signature, SignatureVerdict
from gateway.policy.answers import Answer
from gateway.policy.case import Case
from gateway.policy.signing import Formality, Signed, SigningRole, Standing, formality, roles_of, same_person
from gateway.policy.signing.roles import printed_signers, signatures_of

SEAL, PERSON, FOR_ANOTHER = "signing_seal", "signing_person", "signing_for_another"
OF_THE_OFFICE = frozenset({SEAL, PERSON, FOR_ANOTHER})
"""Rules that tell the records office alone what to look at: the sender is not asked to mend anything."""

_SEAL_CLAUSE, _PERSON_CLAUSE, _FOR_ANOTHER_CLAUSE = "Điều 6 khoản 4", "Điều 6 khoản 2", "Điều 6 khoản 3"
_LEFT_OUT = "không rõ"


def _of_seal(name: str, found: str, note: str = "", outcome: Outcome = Outcome.WARN, **example: str) -> Answer:
    return Answer(SEAL, name, _SEAL_CLAUSE, outcome, found, note=note, example=example)


def _of_person(name: str, found: str, note: str = "", outcome: Outcome = Outcome.WARN, **example: str) -> Answer:
    return Answer(PERSON, name, _PERSON_CLAUSE, outcome, found, note=note, example=example)


SEALED = _of_seal(
    "sealed",
    "Chữ ký số của {seal}: {role}.",
    outcome=Outcome.OK,
    seal="Ủy ban nhân dân tỉnh Quảng Ngãi",
    role="con dấu của cơ quan ban hành",
)
FOREIGN_SEAL = _of_seal(
    "foreign_seal",
    "Con dấu trong chữ ký số mang tên {seal}, không phải của {expected}.",
    "Đối chiếu con dấu với cơ quan ban hành và nơi gửi; nếu chứng thư ấy đúng là của cơ quan đó thì khai vào"
    " signatures.seals.",
    seal="Sở Nội vụ",
    expected="Sở Tài chính",
)
SEAL_MISSING = _of_seal(
    "seal_missing",
    "Văn bản có chữ ký số của người ký nhưng không có chữ ký số của cơ quan (con dấu).",
    "Văn bản điện tử do cơ quan ban hành có chữ ký số của người có thẩm quyền, sau đó là của cơ quan; hỏi lại nơi gửi"
    " nếu cần.",
)
SEAL_FIRST = _of_seal(
    "seal_first",
    "Chữ ký số của cơ quan (con dấu) có trước chữ ký số của người ký.",
    "Con dấu chỉ đóng sau khi người có thẩm quyền đã ký; hỏi lại nơi gửi nếu cần.",
)
COPY_ALONE = _of_seal(
    "copy_alone",
    "Văn bản chỉ có chữ ký số của nơi sao là {copier}, không có chữ ký số của cơ quan ban hành.",
    "Chữ ký này chứng nhận bản sao, không phải là chữ ký của cơ quan ban hành.",
    copier="TRUNG TÂM CÔNG BÁO VÀ TIN HỌC",
)
SIGNED = _of_person(
    "signed",
    "Chữ ký số của {signer}: {role}.",
    outcome=Outcome.OK,
    signer="Nguyễn Văn An",
    role="người ký văn bản, ký KT. PHÓ GIÁM ĐỐC",
)
PERSON_MISSING = _of_person(
    "person_missing",
    "Văn bản chỉ có chữ ký số của cơ quan (con dấu), không có chữ ký số của người ký.",
    "Bản quét từ bản giấy hoặc bản sao y thì chỉ cần con dấu; văn bản điện tử gốc thì còn thiếu chữ ký của người có"
    " thẩm quyền.",
)
NAME_DIFFERS = _of_person(
    "name_differs",
    "Người ký số là {signer}, tên in trên văn bản là {printed}.",
    "Đối chiếu tên người ký trên văn bản; tên do máy đọc có thể sai.",
    signer="Nguyễn Văn An",
    printed="Trần Thị Bình",
)
NO_CAPACITY = Answer(
    FOR_ANOTHER,
    "no_capacity",
    _FOR_ANOTHER_CLAUSE,
    Outcome.WARN,
    "Chữ ký số của {signer} đứng dưới chức vụ {title}, văn bản không ghi ký thay (KT.), thừa lệnh (TL.) hoặc thừa ủy"
    " quyền (TUQ.).",
    note="Xem lại phần ghi quyền hạn, chức vụ của người ký trên văn bản.",
    example={"signer": "Nguyễn Văn An", "title": "PHÓ GIÁM ĐỐC"},
)

SEAL_ANSWERS = (SEALED, FOREIGN_SEAL, SEAL_MISSING, SEAL_FIRST, COPY_ALONE)
PERSON_ANSWERS = (SIGNED, PERSON_MISSING, NAME_DIFFERS)
FOR_ANOTHER_ANSWERS = (NO_CAPACITY,)

_ROLE_WORDS = {
    SigningRole.APPROVAL: "người ký văn bản",
    SigningRole.SEAL: "con dấu của cơ quan",
    SigningRole.SEAL_ON_NUMBER: "con dấu của cơ quan, đóng trên số văn bản",
    SigningRole.SEAL_ON_DATE: "con dấu của cơ quan, đóng trên ngày văn bản",
    SigningRole.COPY: "chứng nhận bản sao, không phải của cơ quan ban hành",
    SigningRole.FOREIGN_SEAL: "con dấu của cơ quan khác",
    SigningRole.UNKNOWN: "chưa rõ ký với tư cách gì",
}
_OF_PEOPLE = frozenset({SigningRole.APPROVAL, SigningRole.UNKNOWN})


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file of a document, with its signatures for what they are."""

    label: str
    main: bool
    signed: tuple[Signed, ...]
    standing: Standing


def signing_seal(case: Case) -> Iterator[Finding]:
    """Seals for what they are; one of another agency, a missing, early or merely copying one is told to the clerk."""
    for file in _files(case):
        yield from _seals_of(file)


def _seals_of(file: SignedFile) -> Iterator[Finding]:
    for signed in file.signed:
        name = _name(signed.signature)
        if signed.role not in _OF_PEOPLE:
            yield SEALED.finding(file.label, seal=name, role=_ROLE_WORDS[signed.role])
        if signed.role is SigningRole.FOREIGN_SEAL:
            yield FOREIGN_SEAL.finding(file.label, seal=name, expected=_expected(file.standing))
    if not file.main:
        return
    match formality(file.signed):
        case Formality.PERSON_ALONE:
            yield SEAL_MISSING.finding(file.label)
        case Formality.SEAL_FIRST:
            yield SEAL_FIRST.finding(file.label)
        case Formality.COPY_ALONE:
            yield COPY_ALONE.finding(file.label, copier=_copier(file.signed))


def signing_person(case: Case) -> Iterator[Finding]:
    """People for what they sign as; a person who is missing or named otherwise on the page is told to the clerk."""
    for file in _files(case):
        yield from _people_of(file)


def _people_of(file: SignedFile) -> Iterator[Finding]:
    for signed in file.signed:
        if signed.role in _OF_PEOPLE:
            capacity = f", ký {signed.capacity.shown}" if signed.capacity.shown else ""
            role = f"{_ROLE_WORDS[signed.role]}{capacity}"
            yield SIGNED.finding(file.label, signer=_name(signed.signature), role=role)
    if not file.main:
        return
    if formality(file.signed) is Formality.SEAL_ALONE:
        yield PERSON_MISSING.finding(file.label)
    printed = printed_signers(file.standing.header)
    for signed in _approvals(file):
        signer = signed.signature.signer
        if signer and printed and not any(same_person(signer, name) for name in printed):
            yield NAME_DIFFERS.finding(file.label, signer=signer, printed=", ".join(printed))


def signing_for_another(case: Case) -> Iterator[Finding]:
    """Who signs for another says so on the page."""
    for file in _files(case):
        yield from _capacities_of(file)


def _capacities_of(file: SignedFile) -> Iterator[Finding]:
    for signed in _approvals(file):
        if signed.capacity.lacks_authority(file.standing.header.issuer or ""):
            yield NO_CAPACITY.finding(file.label, signer=_name(signed.signature), title=signed.capacity.title)


def on_signing(files: Sequence[RegisteredFile], standing: Standing) -> Iterator[Finding]:
    """What these rules find of the files of a document that is in the register, by the header of `standing`."""
    for file in files:
        if signatures := signatures_of(file, files):
            signed = SignedFile(file.name, file.main, roles_of(signatures, standing), standing)
            for found in (_seals_of, _people_of, _capacities_of):
                yield from found(signed)


def _files(case: Case) -> Iterator[SignedFile]:
    """The signed files of the documents that are new."""
    texts = {file.part.path: file.facts.text for file in case.files}
    labels = {file.part.path: file.label for file in case.files}
    for candidate in case.candidates:
        if candidate.repeats is not None:
            continue
        entry = candidate.entry
        standing = Standing(entry.header, case.sender, case.content.seals, case.agencies)
        for file in entry.files:
            if signatures := signatures_of(file, entry.files):
                signed = roles_of(signatures, standing, texts.get(file.part_path, ""))
                yield SignedFile(labels.get(file.part_path, file.name), file.main, signed, standing)


def _approvals(file: SignedFile) -> Iterator[Signed]:
    for signed in file.signed:
        if signed.role is SigningRole.APPROVAL and signed.signature.verdict is not SignatureVerdict.INVALID:
            yield signed


def _name(signature: Signature) -> str:
    return signature.signer or "người ký không rõ tên"


def _expected(standing: Standing) -> str:
    names = (standing.header.issuer, standing.sender.name if standing.sender else None)
    return " hoặc ".join(dict.fromkeys(name for name in names if name)) or _LEFT_OUT


def _copier(signed: tuple[Signed, ...]) -> str:
    return next(_name(each.signature) for each in signed if each.role is SigningRole.COPY)
