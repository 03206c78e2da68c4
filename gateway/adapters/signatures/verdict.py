"""Words on a signature that all carriers share, in Vietnamese (after Thông tư 15/2025/TT-BKHCN)."""

from __future__ import annotations

from datetime import datetime, timedelta

VIETNAM_OFFSET = timedelta(hours=7)
OFFSET_TOLERANCE = timedelta(minutes=30)

NO_REVOCATION = "chưa kiểm tra được tình trạng thu hồi chứng thư vì không có CRL hoặc OCSP"


def time_notes(signed_at: datetime | None, stamp: datetime | None, *, stamped: bool, trusted: bool) -> list[str]:
    """Remarks on the times; `stamped` tells that there is a time stamp, `trusted` that it holds."""
    notes = ["dấu thời gian không kiểm chứng được"] if stamped and not trusted else []
    if signed_at and stamp and abs(signed_at - stamp - VIETNAM_OFFSET) < OFFSET_TOLERANCE:
        notes.append("giờ ký lệch 7 giờ so với dấu thời gian, có thể do ghi giờ Việt Nam thành giờ UTC")
    return notes
