"""What tests of recognition need of the machine."""

from __future__ import annotations

import pytest

from gateway.adapters.text.ocr import OcrUnavailable, find_program

PATIENCE = 100.0
LIMITS = (
    *(f"gateway.adapters.text.scan.{name}_SECONDS" for name in ("FIRST", "HEAD", "LAST", "TURN", "SIGNATURE")),
    "gateway.adapters.text.stamps.SECONDS",
    "gateway.adapters.text.arrival.SECONDS",
    "gateway.adapters.text.image.OPEN_SECONDS",
)


@pytest.fixture
def vietnamese_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails, naming the Debian packages, where scans cannot be recognised; a busy machine may take its time."""
    for limit in LIMITS:
        monkeypatch.setattr(limit, PATIENCE)
    try:
        find_program()
    except OcrUnavailable:
        pytest.fail("no Vietnamese OCR: install the Debian packages tesseract-ocr and tesseract-ocr-vie")
