"""What signatures in files are worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.model.finding import Finding, Outcome
from gateway.model.signature import Signature, SignatureVerdict
from gateway.policy.answers import Answer
from gateway.policy.case import Case

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
ANSWERS = tuple(_ANSWERS.values())


def signatures(case: Case) -> Iterator[Finding]:
    """A broken signature holds the document, one whose owner cannot be vouched for is told to the clerk.

    Of parts that sign others, what covers no file of the mail: its body, or something that is not there.
    """
    for file in case.files:
        for signature in file.facts.signatures:
            yield _finding(file.label, signature)
    known = {file.facts.sha256 for file in case.files}
    for carrier in case.carriers:
        for signature in carrier.facts.signatures:
            if not known & set(signature.covers):
                yield _finding(carrier.label, signature)


def _finding(label: str, signature: Signature) -> Finding:
    return _ANSWERS[signature.verdict].finding(label, signer=_signer(signature), cause=signature.cause.rstrip("."))


def _signer(signature: Signature) -> str:
    return signature.signer or "người ký không rõ tên"
