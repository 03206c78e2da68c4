"""The ReceiptMaker port: draws, then signs, in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from gateway.adapters.papers.sheet import Sheets
from gateway.adapters.papers.signing import ReceiptSigner
from gateway.model.agency import Agency
from gateway.model.document import Document
from gateway.model.journal import JournalHead
from gateway.model.mail import Mail
from gateway.model.receipt import receipt_of, to_json


class SignedReceipts:
    """Implements ports.ReceiptMaker: one receipt at a time, since a token serves one session.

    `books` names each book by its code, `public_url` is the base of tracking links.
    """

    def __init__(
        self, sheets: Sheets, signer: ReceiptSigner, *, agency: Agency, books: Mapping[str, str], public_url: str
    ) -> None:
        self._sheets = sheets
        self._signer = signer
        self._agency = agency
        self._books = dict(books)
        self._public_url = public_url.rstrip("/")
        self._turn = asyncio.Lock()

    async def make(self, document: Document, mail: Mail, head: JournalHead, *, paper: str = "") -> bytes:
        """See ports.ReceiptMaker."""
        receipt = receipt_of(
            document,
            mail,
            head,
            agency=self._agency.name,
            book=self._books.get(document.book, document.book),
            link=f"{self._public_url}/t/{document.token}",
            paper=paper,
        )
        async with self._turn:
            sheet = await asyncio.to_thread(self._sheets.draw, receipt)
            return await asyncio.to_thread(self._signer.sign, sheet, to_json(receipt))
