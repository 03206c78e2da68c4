"""What signatures in files are worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.model.finding import Finding, Outcome
from gateway.model.signature import Carrier, Signature, SignatureVerdict
from gateway.policy.answers import Answer
from gateway.policy.case import Case
from gateway.policy.signing.parts import unchecked

_CAUSES = {
    SignatureVerdict.VALID: "hợp lệ",
    SignatureVerdict.VALID_WEAK: "hợp lệ, thuật toán SHA-1 đã yếu",
    SignatureVerdict.UNTRUSTED: "chứng thư không dẫn tới nhà phát hành được tin cậy",
    SignatureVerdict.INVALID: "nội dung tệp đã thay đổi sau khi ký",
    SignatureVerdict.UNKNOWN: "chưa kiểm tra được",
}


def _answer(name: SignatureVerdict, outcome: Outcome, mend: str = "", note: str = "") -> Answer:
    found, example = "Chữ ký số của {signer}: {cause}.", {"signer": "Sở Tài chính", "cause": _CAUSES[name]}
    return Answer("signatures", name.value, "Điều 3 khoản 1", outcome, found, mend, note, example)


_ANSWERS: Mapping[SignatureVerdict, Answer] = {
    answer: _answer(answer, *rest)
    for answer, *rest in (
        (SignatureVerdict.VALID, Outcome.OK),
        (SignatureVerdict.VALID_WEAK, Outcome.WARN),
        (SignatureVerdict.UNTRUSTED, Outcome.WARN),
        (
            SignatureVerdict.INVALID,
            Outcome.HOLD,
            "Đề nghị ký số lại trên bản cuối cùng của văn bản, không sửa tệp sau khi ký, và gửi lại.",
        ),
        (
            SignatureVerdict.UNKNOWN,
            Outcome.HOLD,
            "",
            "Kiểm tra chữ ký số bằng công cụ của Ban Cơ yếu Chính phủ.",
        ),
    )
}
_REMARKED = Answer(
    "signatures",
    "remarked",
    "Điều 3 khoản 1",
    Outcome.WARN,
    "Chữ ký số của {signer} trên thư: {remark}.",
    note="Đối chiếu người ký với người gửi thư trước khi tin vào chữ ký của thư.",
    example={
        "signer": "Nguyễn Văn An",
        "remark": "chứng thư ghi địa chỉ an@so.example.vn khác địa chỉ người gửi khac@so.example.vn",
    },
)
_UNCHECKED = Answer(
    "signatures",
    "unchecked",
    "Điều 3 khoản 1",
    Outcome.WARN,
    "Thư đính kèm hoặc một phần của thư có chữ ký số riêng chưa được kiểm tra.",
    note="Chỉ chữ ký của toàn bộ thư được kiểm tra; cần biết chữ ký này thì đề nghị nơi gửi gửi thẳng thư gốc.",
)
_OF_NOTHING = Answer(
    "signatures",
    "of_nothing",
    "Điều 3 khoản 1",
    Outcome.WARN,
    "Chữ ký số của {signer} không bao trùm tệp nào lấy ra được từ thư.",
    note="Không coi tệp nào trong thư là đã được chữ ký này ký.",
    example={"signer": "Sở Tài chính"},
)
ANSWERS = (*_ANSWERS.values(), _REMARKED, _UNCHECKED, _OF_NOTHING)
_GOOD = frozenset({SignatureVerdict.VALID, SignatureVerdict.VALID_WEAK})


def signatures(case: Case) -> Iterator[Finding]:
    """A broken signature holds the document, one whose owner cannot be vouched for is told to the clerk.

    Of parts that sign others, what covers no file of the mail: its body, or something that is not there; and of the
    mail's own signature what is remarked upon, for its signer may be another than the sender.
    """
    for file in case.files:
        for signature in file.facts.signatures:
            yield _finding(file.label, signature)
    known = {file.facts.sha256 for file in case.files}
    there = {part.sha256 for part in case.parsed.parts}
    for carrier in case.carriers:
        for signature in carrier.facts.signatures:
            if not known & set(signature.covers):
                yield _finding(carrier.label, signature)
            if signature.carrier is Carrier.CMS and signature.verdict in _GOOD and not there & set(signature.covers):
                yield _OF_NOTHING.finding(carrier.label, signer=_signer(signature))
            if signature.carrier is Carrier.SMIME and signature.notes:
                yield _REMARKED.finding(carrier.label, signer=_signer(signature), remark="; ".join(signature.notes))
    for part in unchecked(case.parsed):
        yield _UNCHECKED.finding(part.name or None)


def _finding(label: str, signature: Signature) -> Finding:
    return _ANSWERS[signature.verdict].finding(label, signer=_signer(signature), cause=signature.cause.rstrip("."))


def _signer(signature: Signature) -> str:
    return signature.signer or "người ký không rõ tên"
