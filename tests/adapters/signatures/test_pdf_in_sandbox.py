"""Signatures are checked in worker processes, as the daemon does."""

from pathlib import Path

import pytest

from gateway.adapters.sandbox import Sandbox
from gateway.adapters.signatures import load_anchors, validate_signatures
from gateway.errors import SandboxFailure
from gateway.model.signature import SignatureVerdict
from tests import pki


async def test_a_worker_finds_the_same_as_we_do(tmp_path: Path) -> None:
    file = tmp_path / "file.pdf"
    file.write_bytes(pki.sealed_pdf())
    pki.pki().write_anchors(tmp_path / "trust")
    sandbox = Sandbox(1, 256 * 1024 * 1024, 30, 100, prepare=load_anchors, prepare_args=(tmp_path / "trust",))
    try:
        signatures, proofs = await sandbox.run(validate_signatures, file, pki.anchors())
        file.write_bytes(b"%PDF-1.7 /ByteRange")
        with pytest.raises(SandboxFailure, match="UnreadablePdf"):
            await sandbox.run(validate_signatures, file, pki.anchors())
    finally:
        await sandbox.close()
    assert [signature.verdict for signature in signatures] == [SignatureVerdict.VALID, SignatureVerdict.VALID]
    assert signatures[0].signed_at == pki.NOW
    assert {proof.sha256 for proof in proofs} == {one for signature in signatures for one in signature.proofs}
