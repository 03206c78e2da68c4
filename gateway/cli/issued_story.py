"""An outgoing document as `vanthu explain` tells it: no mail brought it, so the story is its own."""

from __future__ import annotations

from gateway.cli.output import entry_json, print_json, print_table, say, when
from gateway.cli.session import Records
from gateway.cli.work_story import tell_work, work_json
from gateway.model.document import Document
from gateway.model.wording import UNREAD, arrival, size, title


async def tell_issued(document: Document, records: Records, *, as_json: bool) -> None:
    """Print the entry with its files and what was done with it."""
    work = await records.queries.work(document.id)
    if as_json:
        print_json({**entry_json(document), "work": work_json(work)})
        return
    header = document.header
    say(f"{document.label}: số đi {arrival(document)}, vào sổ lúc {when(document.registered_at)}")
    say(f"  {title(header)}: {header.abstract or UNREAD}")
    say(f"  Người ký: {header.signer or UNREAD}; nơi nhận: {header.recipients or UNREAD}")
    if document.note:
        say(f"  Ghi chú: {document.note}")
    rows = [(file.name, size(file.size), file.sha256) for file in document.files]
    print_table(f"Tệp {document.label}", ("Tên", "Dung lượng", "SHA-256"), rows)
    tell_work(work, records.settings.calendar, records.settings.work.handle_within)
