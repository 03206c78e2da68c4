"""Who a mail says it is from."""

from __future__ import annotations

import pytest

from gateway.model.authentication import SenderClaims


@pytest.mark.parametrize(
    ("authors", "author"),
    [
        (("VanThu@SO.gov.vn",), "VanThu@so.gov.vn"),
        ((" a@so.vn. ", "a@SO.vn"), "a@so.vn"),
        (("a@so.vn", "b@so.vn"), ""),
        (("a@so.vn", "b"), ""),
        ((), ""),
        (("vanthu",), ""),
        (("@so.vn",), ""),
        (("a@[192.0.2.3]",), ""),
        (("a@Sở.vn",), "a@sở.vn"),
    ],
)
def test_a_mail_has_one_author_or_none(authors: tuple[str, ...], author: str) -> None:
    assert SenderClaims(authors=authors).author == author
