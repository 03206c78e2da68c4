"""Whether the orders in a mail may be carried out: by who proved to have written it, and the token that he bears.

Nothing that is told outside depends on whether a token exists: one that was never given and one of somebody else's
have the same answer, and so has a stranger who bears either.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.model.token import Purpose, ThreadToken


class Denial(StrEnum):
    """Why orders are not even read."""

    NOT_BORNE = "no_token"
    UNKNOWN = "unknown_token"
    FOREIGN = "foreign_token"
    WRONG_PURPOSE = "wrong_purpose"
    EXPIRED = "expired"
    OTHER_DOCUMENT = "other_document"
    OTHER_ACCOUNT = "other_account"
    OLDER = "older_than_token"

    @property
    def looks_like_attack(self) -> bool:
        """True where an honest person hardly comes to it."""
        return self not in {Denial.NOT_BORNE, Denial.EXPIRED, Denial.OLDER}


@dataclass(frozen=True, slots=True)
class Granted:
    """Orders may be read; the acts themselves still look at who gives them."""

    token: ThreadToken


@dataclass(frozen=True, slots=True)
class Denied:
    """They may not. `document_id`, or `mail_id` of a mail that was set aside, is that of the author's own thread, where
    he may be given a new token for it.
    """

    cause: Denial
    document_id: int | None = None
    mail_id: int | None = None


_UNUSABLE = (
    "Mã trong địa chỉ trả lời không dùng được cho địa chỉ thư này. Không có việc nào được thực hiện. Đề nghị mở đúng "
    "thư thông báo do hệ thống gửi cho chính mình và trả lời từ thư ấy; thư do người khác chuyển tiếp không dùng để "
    "ra lệnh được."
)
DENIAL_WORDS: Mapping[Denial, str] = {
    Denial.NOT_BORNE: (
        "Thư trả lời không còn mã để trả lời. Không có việc nào được thực hiện. Đề nghị trả lời thư này, giữ nguyên "
        "địa chỉ người nhận, và ghi lại nội dung."
    ),
    Denial.UNKNOWN: _UNUSABLE,
    Denial.FOREIGN: _UNUSABLE,
    Denial.WRONG_PURPOSE: _UNUSABLE,
    Denial.EXPIRED: (
        "Mã trong địa chỉ trả lời đã hết hạn. Không có việc nào được thực hiện. Đề nghị trả lời thư này, có mã mới, và "
        "ghi lại nội dung."
    ),
    Denial.OTHER_DOCUMENT: (
        "Mã trong địa chỉ trả lời là của một văn bản, một thư khác với thư được trả lời. Không có việc nào được thực "
        "hiện. Đề nghị mở đúng thư thông báo về việc cần xử lý và trả lời từ thư ấy."
    ),
    Denial.OTHER_ACCOUNT: (
        "Thư ghi người gửi là địa chỉ này nhưng được gửi từ tài khoản thư của một người khác không giữ vai trò ấy. "
        "Không có việc nào được thực hiện. Nếu không phải do mình gửi, đề nghị báo ngay bộ phận phụ trách công nghệ "
        "thông tin."
    ),
    Denial.OLDER: (
        "Ngày giờ ghi trong thư trả lời sớm hơn thông báo được trả lời. Không có việc nào được thực hiện. Đề nghị kiểm "
        "tra ngày giờ của máy tính, điện thoại, rồi trả lời thư này và ghi lại nội dung."
    ),
}
"""What the author is told of each."""
_CLOCKS_DIFFER = timedelta(hours=2)
"""What is dated further than this before the token that it bears was not written in answer to it."""


def authority(
    author: str,
    found: Sequence[ThreadToken | None],
    thread: Collection[int],
    now: datetime,
    *,
    mails: Collection[int] = (),
    dated: datetime | None = None,
    borrowed: bool = False,
) -> Granted | Denied:
    """Decide by the tokens of a mail, None for one that was never given, in the order of their weight.

    `author` is in the form of address_key and proved; `thread` are the documents of the notices to this very author
    which the mail answers, `mails` the mails set aside that they speak of. `dated` is the mail's own date: a signed
    mail may be sent again by others under a token that they found. `borrowed` is true of a mail that came from the
    account of somebody else of the staff: a domain vouches for its mail, not for which of its people wrote it.
    """
    if borrowed:
        return Denied(Denial.OTHER_ACCOUNT)
    if not found:
        return Denied(Denial.NOT_BORNE, *_only_one(thread, mails))
    given = [token for token in found if token is not None]
    token = given[0] if given else None
    if token is None or len(given) < len(found):
        return Denied(Denial.UNKNOWN)
    if (misuse := _misuse(author, token, given, thread, mails)) is not None:
        return Denied(misuse)
    if dated is not None and dated < token.issued_at - _CLOCKS_DIFFER:
        return Denied(Denial.OLDER, token.document_id, token.mail_id)
    return Granted(token) if token.is_alive(now) else Denied(Denial.EXPIRED, token.document_id, token.mail_id)


def _only_one(thread: Collection[int], mails: Collection[int]) -> tuple[int | None, int | None]:
    """The one document or mail that a thread is about, None for both where it is about more."""
    if len(thread) + len(mails) != 1:
        return None, None
    return next(iter(thread), None), next(iter(mails), None)


def _misuse(
    author: str,
    token: ThreadToken,
    given: Sequence[ThreadToken],
    thread: Collection[int],
    mails: Collection[int],
) -> Denial | None:
    """What is wrong with tokens that were all given once."""
    if any(other.address != author for other in given):
        return Denial.FOREIGN
    if token.purpose is Purpose.FILES:
        return Denial.WRONG_PURPOSE
    if any(other.about != token.about for other in given):
        return Denial.OTHER_DOCUMENT
    if (thread or mails) and token.document_id not in thread and token.mail_id not in mails:
        return Denial.OTHER_DOCUMENT
    return None
