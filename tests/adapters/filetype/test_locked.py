"""What keeps its content from everybody without a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.adapters.filetype import locked, sniff
from tests.attacks.attack import Attack
from tests.attacks.encrypted import ATTACKS
from tests.documents import converted, decision_docx

NAMED = {attack.name: attack for attack in ATTACKS}


@pytest.mark.parametrize(
    "attack",
    [NAMED[name] for name in ("ppt-under-a-password", "odt-under-a-password", "smime-enveloped")],
    ids=lambda attack: attack.name,
)
def test_a_secret_is_told_from_content(attack: Attack, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(attack.make())
    assert locked(path, sniff(path))


@pytest.mark.parametrize("suffix", ["odt", "rtf", "docx"])
def test_an_open_document_is_open(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(converted(decision_docx(), "docx", suffix))
    assert not locked(path, sniff(path))


@pytest.mark.parametrize(
    "media_type", ["application/vnd.ms-powerpoint", "application/vnd.oasis.opendocument.text", "application/pkcs7-mime"]
)
def test_what_is_damaged_is_not_known_to_be_locked(media_type: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"hong")
    assert not locked(path, media_type)
