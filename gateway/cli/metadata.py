"""`vanthu register metadata`: documents by the fields of Nghị định 30/2020 Phụ lục VI, for other systems."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from xml.sax.saxutils import escape, quoteattr

import typer

from gateway.cli.output import complain, print_json
from gateway.cli.session import Config, id_of, looking_for, records_of, run
from gateway.model.metadata import Metadata, Value
from gateway.policy.registers.metadata import metadata_of


class MetadataFormat(StrEnum):
    """How it is written."""

    JSON = "json"
    XML = "xml"


def metadata(
    labels: Annotated[list[str], typer.Argument(metavar="D17…", help="Mã văn bản, một hoặc nhiều.")],
    file_format: Annotated[
        MetadataFormat, typer.Option("--format", help="json: mỗi văn bản một dòng; xml: một tài liệu cho tất cả.")
    ] = MetadataFormat.JSON,
    config: Config = None,
) -> None:
    """In dữ liệu đặc tả của văn bản theo Phụ lục VI Nghị định 30/2020/NĐ-CP."""
    run(_metadata(labels, file_format, config))


async def _metadata(labels: list[str], file_format: MetadataFormat, config: Path | None) -> None:
    wanted = [id_of(label, "D") for label in labels]
    async with records_of(config) as records:
        parties = (await records.store.own_directory()).parties
        names = {party.code: party.name for party in parties}
        found = []
        for label, document_id in zip(labels, wanted, strict=True):
            with looking_for(label):
                found.append(metadata_of(await records.store.docket(document_id), names))
    if file_format is MetadataFormat.JSON:
        for each in found:
            print_json(
                {"document": each.document, "direction": each.direction, "metadata": each.fields, "cut": each.cut}
            )
    else:
        typer.echo(as_xml(found))
    for each in found:
        if each.cut:
            complain(f"{each.document}: dài hơn Phụ lục VI cho phép nên đã rút gọn: {', '.join(each.cut)}")


def as_xml(documents: list[Metadata]) -> str:
    """The documents as one XML document; an element that was cut says how many characters its value has."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<Documents>"]
    for each in documents:
        lines.append(f"  <Document id={quoteattr(each.document)} direction={quoteattr(each.direction)}>")
        for name, value in each.fields.items():
            if isinstance(value, Mapping):
                parts = [f"      {_element(part, each, inner, f'{name}/{part}')}" for part, inner in value.items()]
                lines += [f"    <{name}>", *parts, f"    </{name}>"]
            else:
                lines.append(f"    {_element(name, each, value, name)}")
        lines.append("  </Document>")
    return "\n".join([*lines, "</Documents>"])


def _element(name: str, document: Metadata, value: Value, path: str) -> str:
    whole = document.cut.get(path)
    note = f' length="{len(whole)}"' if whole is not None else ""
    return f"<{name}{note}/>" if value is None else f"<{name}{note}>{escape(str(value))}</{name}>"
