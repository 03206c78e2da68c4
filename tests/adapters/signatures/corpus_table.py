"""The public corpus beside poppler, differences explained: `python -m tests.adapters.signatures.corpus_table`."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gateway.adapters.signatures import TrustAnchors, UnreadablePdf, load_anchors, validate_signatures
from gateway.model.signature import Coverage, Signature, SignatureVerdict

SHARED = Path(__file__).parents[4] / "shared"
CORPUS = SHARED / "corpora" / "signed-pdf"
GOOD = {SignatureVerdict.VALID, SignatureVerdict.VALID_WEAK}
SHORT = {"Signature is Valid.": "valid", "Signature has not yet been verified.": "not verified"}

STAMPS = "poppler không kiểm tra dấu thời gian của cả văn bản; ở đây đó là bằng chứng về giờ, không phải chữ ký của ai"
COVERAGE = "poppler chỉ xét những byte được ký; chữ ký này không bao trùm trọn tệp tại lúc ký"
CHANGED = "poppler chỉ xét những byte được ký; phần thêm vào sau đó làm thay đổi điều người đọc thấy"
MALFORMED = "cấu trúc tệp hỏng đến mức không đọc được: không biết có chữ ký hay không, tệp chờ người xem xét"
CURVES = "poppler không biết đường cong Edwards hoặc hàm băm này"

WHY = {
    "pdf-insecurity-2019/isa_A.pdf": MALFORMED,
    "pdf-insecurity-2019/isa_D.pdf": MALFORMED,
    "pdf-insecurity-2019/isa_G.pdf": CHANGED + "; loại chữ ký adbe.pkcs7.sha1 cũng không được chấp nhận",
    "pdf-insecurity-2019/siwa_A.pdf": COVERAGE,
    "pdf-insecurity-2019/siwa_D.pdf": COVERAGE,
    "dss/DSS-2199.pdf": STAMPS,
    "dss/Signature-P-BG_BOR-2.pdf": STAMPS,
    "dss/dss-1959__pades-tst-with-orphan-refs.pdf": STAMPS
    + "; dữ liệu kiểm chứng (DSS) của chữ ký sau bị ghi đè bằng dữ liệu khác, nên bị coi là sửa đổi",
    "dss/dss-818__Signature-P-DE_CRY-2 (HASH_FAILURE).pdf": "thuộc tính được ký không xếp theo DER; poppler xếp lại rồi"
    " mới kiểm tra, ở đây chỉ kiểm tra đúng những byte nhận được",
    "dss/pades-tst-with-null-type.pdf": STAMPS,
    "dss/pdf-structtreeroot-changes.pdf": "lần ký sau viết lại cây cấu trúc của tệp (StructTreeRoot); không phân biệt"
    " được chắc chắn với sửa đổi nội dung nên chữ ký trước không được nhận",
    "dss/signature-referenced-from-multiple-fields.pdf": "hai ô cùng trỏ tới một chữ ký; ở đây chỉ tính một lần",
    "dss/malformed-pades.pdf": MALFORMED,
    "pyhanko/coverage-anomalies__base.pdf": "ô chữ ký chỉ có chỗ trống, chưa có dữ liệu chữ ký",
    "pyhanko/coverage-anomalies__tail-uncovered.pdf": COVERAGE,
    "pyhanko/coverage-anomalies__signature-gap-too-big.pdf": COVERAGE,
    "pyhanko/coverage-anomalies__one-byterange.pdf": COVERAGE,
    "pyhanko/coverage-anomalies__weird-byterange.pdf": COVERAGE,
    "pyhanko/form-update-override-appearance-stream-sneaky.pdf": CHANGED,
    "pyhanko/form-update-override-appearance-stream-ap-indirect-sneaky.pdf": CHANGED,
    "pyhanko/form-update-no-override-appearance-stream-ap-indirect-sneaky.pdf": CHANGED,
    "pyhanko/form-update-ap-indirect-sneaky-trailer.pdf": CHANGED,
    "pyhanko/pdf-sig-with-econtent.pdf": "chữ ký tách rời lại mang nội dung riêng; poppler bỏ qua điều đó",
    "pyhanko/sig-with-ski-sid.pdf": "poppler không tìm được chứng thư nêu bằng mã định danh khóa",
    "pyhanko/extensions-update-indirect.pdf": CURVES,
    "pyhanko/extensions-update-direct.pdf": CURVES,
    "pyhanko/ed448-shake256-nolen.pdf": CURVES,
    "pyhanko/ed448-disallowed-hash.pdf": CURVES + "; ở đây bị bác vì hàm băm không được dùng với Ed448",
    "pyhanko/pades-lta-dss-indirect-arrs-test.pdf": STAMPS,
    "pyhanko/pades-lta-dss-indirect-arrs-test-2.pdf": STAMPS,
    "pyhanko/signed-encrypted-pubkey-with-catalog-ref.pdf": "tệp mã hóa, không mở được: ở đây nói rõ là không biết",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One file: what its collector expects, what poppler says, what we say."""

    name: str
    expected: str
    poppler: str
    ours: str
    flagged: bool
    passes: bool
    differs: bool

    @property
    def why(self) -> str:
        """Why we say otherwise; "" where we do not."""
        return WHY.get(self.name, "")


def rows(*, live: bool) -> list[Row]:
    """All files of the corpus; `live` asks the `pdfsig` of this machine, otherwise what it said when they came in."""
    with (CORPUS / "index.csv").open(newline="") as index:
        entries = list(csv.DictReader(index))
    return [
        _row(
            entry["file"],
            entry["expected_integrity"],
            (_poppler(CORPUS / entry["file"]) if live else "") or _shortened(entry["pdfsig_observed"]),
        )
        for entry in entries
    ]


def _row(name: str, expected: str, poppler: str) -> Row:
    signatures = _found(name)
    sound = signatures is not None and all(_sound(each) for each in signatures)
    flagged = signatures is None or any(each.verdict is SignatureVerdict.INVALID for each in signatures)
    unsigned = not signatures and expected == "unsigned"
    as_expected = unsigned or {
        "attack": flagged,
        "broken": flagged,
        "coverage-anomaly": flagged,
        "unknown": True,
    }.get(expected, bool(signatures) and sound)
    verdicts = poppler.split(" [", maxsplit=1)[0].split(", ")
    says_valid = set(verdicts) == {"valid"}
    same = unsigned or (bool(signatures) and says_valid == sound and len(signatures or ()) == len(verdicts))
    return Row(
        name=name,
        expected=expected,
        poppler=poppler,
        ours=_words(signatures),
        flagged=flagged,
        passes=any(each.verdict in GOOD for each in signatures or ()),
        differs=not (as_expected and same),
    )


def _found(name: str) -> tuple[Signature, ...] | None:
    """None where the file cannot be read."""
    try:
        return validate_signatures(CORPUS / name, _anchors())[0]
    except UnreadablePdf:
        return None


@cache
def _anchors() -> TrustAnchors:
    return load_anchors(SHARED / "domain" / "certs")


def _sound(signature: Signature) -> bool:
    """Whatever its chain is worth."""
    return bool(signature.intact and signature.valid) and signature.coverage is not Coverage.MODIFIED


def _words(signatures: tuple[Signature, ...] | None) -> str:
    if signatures is None:
        return "unreadable"
    return ", ".join(f"{each.verdict} [{each.coverage}]" for each in signatures) or "no signatures"


def _poppler(file: Path) -> str:
    """What `pdfsig` says; "" where there is none."""
    program = shutil.which("pdfsig")
    if program is None:
        return ""
    said = subprocess.run([program, "-nocert", file], capture_output=True, text=True, errors="replace", check=False)
    found = re.findall(r"Signature Validation: (.*)", said.stdout)
    whole = "[whole]" if "Not total document signed" not in said.stdout else "[partly]"
    return _shortened("; ".join(found) + f" {whole}") if found else "no signatures"


def _shortened(observed: str) -> str:
    words, bracket, coverage = observed.partition(" [")
    said = [SHORT.get(each, each.rstrip(".").lower()) for each in words.split("; ")]
    return ", ".join(said) + bracket + coverage


def main() -> None:
    """Print the table."""
    print("| tệp | dự kiến | pdfsig | vanthu | vì sao khác |\n|---|---|---|---|---|")
    for row in rows(live=True):
        why = row.why if row.why or not row.differs else "**chưa giải thích**"
        print(f"| {row.name} | {row.expected} | {row.poppler} | {row.ours} | {why} |")


if __name__ == "__main__":
    main()
