"""A message of the exchange between document management systems (QCVN 102:2016/BTTTT, edXML)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gateway.model.archive import Member
from gateway.model.document import Status


class ExchangeBusiness(StrEnum):
    """What a message does with its document (BussinessDocType)."""

    NEW = "0"
    RECALL = "1"
    UPDATE = "2"
    REPLACE = "3"


@dataclass(frozen=True, slots=True)
class ExchangeReference:
    """The document that a message answers or reports on; `code` is its number and notation, as `267/VPCP-TTĐT`."""

    organ_id: str = ""
    document_id: str = ""
    code: str = ""
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class ExchangeMessage:
    """The header of one message, as its sender's system wrote it; empty or None where it says nothing.

    `path` is that of the part it was read from. `organ` is who sends (From), `superior` whom that belongs to
    (OrganizationInCharge). `business` is None where the message names none, or one that the standard does not know;
    `status` is that of a status message (Quyết định 28/2018/QĐ-TTg), which brings no document, None of all others.
    `replaces` are the ids of the documents that an update or replacement names. `listed` are the names of the files in
    the manifest, `pages` and `copies` what it declares of its document.
    """

    path: str = ""
    document_id: str = ""
    number: str = ""
    notation: str = ""
    place: str = ""
    issued_on: date | None = None
    type_name: str = ""
    subject: str = ""
    content: str = ""
    organ_id: str = ""
    organ: str = ""
    superior: str = ""
    competence: str = ""
    position: str = ""
    signer: str = ""
    due_on: date | None = None
    to_places: tuple[str, ...] = ()
    priority: int | None = None
    pages: int | None = None
    copies: int | None = None
    business: ExchangeBusiness | None = None
    reason: str = ""
    replaces: tuple[str, ...] = ()
    response_for: tuple[ExchangeReference, ...] = ()
    status: str | None = None
    description: str = ""
    listed: tuple[str, ...] = ()

    @property
    def brings_document(self) -> bool:
        """Whether its files are a document to be entered: not so of a status, nor of a recall."""
        return self.status is None and self.business is not ExchangeBusiness.RECALL

    @property
    def asks_back(self) -> bool:
        """Whether its sender wants a document back (thu hồi, lấy lại)."""
        return self.business is ExchangeBusiness.RECALL or self.status == Status.RECALLED

    @property
    def identifier(self) -> str:
        """Number and notation of its document, else of the one it is about; "" where neither is said."""
        if self.number and self.notation:
            return f"{self.number}/{self.notation}"
        return next((each.code for each in self.response_for if each.code), self.document_id)


@dataclass(frozen=True, slots=True)
class OpenedExchange:
    """A message with the files in it. `whole` is false where a file is lost; `problems` says so, in Vietnamese."""

    message: ExchangeMessage
    files: tuple[Member, ...] = ()
    problems: tuple[str, ...] = ()
    whole: bool = True
