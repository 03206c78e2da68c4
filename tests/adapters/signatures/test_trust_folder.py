"""The trust folder: self-issued certificates are anchors, the others only build paths."""

from pathlib import Path

import pytest

from gateway.adapters.signatures import TrustAnchors, load_anchors
from gateway.errors import SettingsError
from tests import pki


def test_roots_and_intermediates_are_told_apart(tmp_path: Path) -> None:
    pki.pki().write_anchors(tmp_path)
    assert load_anchors(tmp_path) == pki.anchors()


@pytest.mark.parametrize("suffix", ["pem", "crt", "cer", "der", "CER"])
def test_pem_and_der_are_read_whatever_the_suffix(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"one.{suffix}").write_bytes(pki.pki().root.pem)
    (tmp_path / f"two.{suffix}").write_bytes(pki.pki().authority.der)
    assert load_anchors(tmp_path) == pki.anchors()


def test_one_file_may_hold_several_certificates(tmp_path: Path) -> None:
    (tmp_path / "chain.pem").write_bytes(pki.pki().authority.pem + pki.pki().root.pem)
    assert load_anchors(tmp_path) == pki.anchors()


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("certificates go here")
    assert load_anchors(tmp_path) == TrustAnchors()


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_broken_certificate_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.pem").write_bytes(content)
    with pytest.raises(SettingsError, match=r"broken\.pem"):
        load_anchors(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nowhere"):
        load_anchors(tmp_path / "nowhere")
