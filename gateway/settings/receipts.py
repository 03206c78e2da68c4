"""The section on receipts that hold as evidence: whose certificate signs them, and where its key lies."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Self

from pydantic import model_validator

from gateway.settings.secret import ExternalFile, ExternalSecret
from gateway.settings.sections import Section
from gateway.settings.values import Duration, EmptyIsNone, FilePath, PublicUrl, Text

_LONGEST_WAIT = timedelta(minutes=5)


class ReceiptsSection(Section):
    """[receipts]: `certificate` signs, with the `key` in a file, or with that named `label` in the PKCS#11 `token` that
    `module` reaches, opened by `pin`. `earlier` are certificates that signed before. `time_stamp` is the address of an
    authority (RFC 3161), None for none.
    """

    certificate: Annotated[ExternalFile | None, EmptyIsNone]
    key: Annotated[ExternalFile | None, EmptyIsNone]
    module: Annotated[FilePath | None, EmptyIsNone]
    token: Annotated[Text | None, EmptyIsNone]
    label: Annotated[Text | None, EmptyIsNone]
    pin: Annotated[ExternalSecret | None, EmptyIsNone]
    earlier: tuple[ExternalFile, ...]
    time_stamp: Annotated[PublicUrl | None, EmptyIsNone]
    time_stamp_wait: Duration

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        in_token = (self.module, self.token, self.label, self.pin)
        if any(in_token) and not all(in_token):
            raise ValueError("module, token, label, pin đi cùng nhau; hãy ghi đủ cả bốn, hoặc để trống cả bốn")
        keys = (self.key is not None) + (self.module is not None)
        if self.certificate is None and keys:
            raise ValueError("có khóa mà thiếu certificate; hãy ghi tệp chứng thư của khóa ấy")
        if self.certificate is not None and keys != 1:
            raise ValueError(
                "certificate cần đúng một khóa; hãy ghi key (khóa trong tệp), hoặc module, token, label, pin "
                "(khóa trong thiết bị PKCS#11)"
            )
        if not timedelta(0) < self.time_stamp_wait <= _LONGEST_WAIT:
            raise ValueError('time_stamp_wait phải lớn hơn 0 và không quá 5 phút; hãy ghi như "10 s"')
        return self
