"""Which document a command means: by its id, or by the number of arrival with its year."""

from __future__ import annotations

import typer

from gateway.cli.output import complain
from gateway.cli.session import Records, id_of
from gateway.cli.story import NUMBER


async def document_id_of(what: str, records: Records) -> int:
    """The id of `D17` or `17/2026`; ends the program where it is none, or a number of several books."""
    found = NUMBER.fullmatch(what.strip())
    if found is None:
        return id_of(what, "D")
    documents = await records.queries.by_number(int(found[1]), int(found[2]))
    if len(documents) == 1:
        return documents[0].id
    labels = ", ".join(document.label for document in documents)
    told = f"nhiều sổ có số đến {what}: {labels}; hãy ghi mã văn bản" if labels else f"sổ không có số đến {what}"
    complain(told)
    raise typer.Exit(1)
