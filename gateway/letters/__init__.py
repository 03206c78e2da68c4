"""Vietnamese letters of before Unicode (TCVN3, VNI, VPS): told by the text, converted (Điều 5 khoản 5 điểm a).

Pure functions over text: no files, no clock. TCVN 6909:2001, which the regulation asks for, is Unicode.
"""

from __future__ import annotations

from gateway.letters.codes import shown
from gateway.letters.fonts import is_legacy_font
from gateway.letters.read import Reading, Run, read_letters, read_runs

__all__ = ["Reading", "Run", "is_legacy_font", "read_letters", "read_runs", "shown"]
