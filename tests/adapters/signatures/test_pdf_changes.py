"""Many signatures in one file: the work that they share is done once."""

from datetime import timedelta
from pathlib import Path

import pytest
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, StandardDiffPolicy

from gateway.adapters.sandbox import Sandbox
from gateway.adapters.signatures import validate_signatures
from gateway.model.signature import Coverage, SignatureVerdict
from tests import pki
from tests.pki import NOW, sign_pdf

MANY = 12
MEMORY = 512 * 2**20
SECONDS = 60


def signed_by_many(count: int) -> bytes:
    pdf = pki.plain_pdf()
    for number in range(count):
        at = NOW + timedelta(minutes=number)
        signer = (pki.pki().person, pki.pki().seal)[number % 2]
        pdf = sign_pdf(pdf, signer, field=f"S{number}", signed_at=at, box=(20 + 30 * number, 20, 45 + 30 * number, 60))
    return pdf


def test_each_step_between_revisions_is_compared_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    apply = StandardDiffPolicy.apply

    def counting(self: StandardDiffPolicy, old: object, new: object, *rest: object, **more: object) -> object:
        compared.append(new.revision)  # type: ignore[attr-defined]
        return apply(self, old, new, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(type(DEFAULT_DIFF_POLICY), "apply", counting)
    file = tmp_path / "many.pdf"
    file.write_bytes(signed_by_many(MANY))
    signatures, _ = validate_signatures(file, pki.anchors())
    assert [signature.coverage for signature in signatures] == [Coverage.EXTENDED_ALLOWED] * (MANY - 1) + [
        Coverage.WHOLE
    ]
    assert len(compared) == len(set(compared)) == MANY - 1


async def test_many_signatures_stay_within_the_limits_of_a_worker(tmp_path: Path) -> None:
    file = tmp_path / "many.pdf"
    file.write_bytes(signed_by_many(MANY))
    sandbox = Sandbox(1, MEMORY, SECONDS, 10)
    try:
        signatures, proofs = await sandbox.run(validate_signatures, file, pki.anchors())
    finally:
        await sandbox.close()
    assert [signature.verdict for signature in signatures] == [SignatureVerdict.VALID] * MANY
    assert len(proofs) == len({proof.sha256 for proof in proofs}) == 4
