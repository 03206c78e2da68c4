"""The regulation itself arrives by mail, in every format an office would send it in."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.model.mail import MailStage
from tests.documents import regulation_files
from tests.flow.conftest import Bench
from tests.mails import mail

TEXT = Path(__file__).parents[3] / "shared" / "regulation" / "955-QD-SGTVT.txt"


@pytest.mark.corpus
@pytest.mark.parametrize("place", [0, 1, 2], ids=["pdf", "docx", "doc"])
async def test_the_regulation_is_registered_under_its_number_date_type_and_abstract(
    bench: Bench, tmp_path: Path, place: int
) -> None:
    file = regulation_files(tmp_path, TEXT.read_text())[place]
    found = await bench.end_of(mail((file.name, file.read_bytes())))
    assert found.stage is MailStage.REGISTERED
    (document,) = await bench.office.queries.register()
    header = document.header
    assert header.identifier == "955/QĐ-SGTVT"
    assert str(header.issued_on) == "2017-09-07"
    assert (header.document_type or "").casefold() == "quyết định"
    abstract = "Về việc ban hành Quy chế quản lý và sử dụng phần mềm Văn phòng điện tử - eOffice"
    assert " ".join((header.abstract or "").split()) == abstract
    assert document.files[0].name == file.name
