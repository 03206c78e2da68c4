"""What tests of recognition need of the machine."""

from __future__ import annotations

import pytest

from gateway.adapters.text.ocr import OcrUnavailable, find_program


@pytest.fixture
def vietnamese_ocr() -> None:
    """Fails, naming the Debian packages, where scans cannot be recognised."""
    try:
        find_program()
    except OcrUnavailable:
        pytest.fail("no Vietnamese OCR: install the Debian packages tesseract-ocr and tesseract-ocr-vie")
