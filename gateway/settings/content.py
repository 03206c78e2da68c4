"""The sections on what files may hold: letters, archives, state secrets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from gateway.settings.secret import ExternalFile
from gateway.settings.sections import Section
from gateway.settings.values import Address, Count, EmptyIsNone, Size


class DocumentsSection(Section):
    """[documents]: what is asked of files beside their format."""

    legacy_letters: Literal["warn", "refuse"]


class ArchivesSection(Section):
    """[archives]: whether archives are opened, and how much of them. `max_unpacked` is bytes of all members together;
    `max_ratio` is how many times larger than packed a member may be; `max_depth` 1 is members alone.
    """

    open: StrictBool
    max_depth: Annotated[StrictInt, Field(ge=1, le=5)]
    max_members: Count
    max_unpacked: Size
    max_ratio: Count


class SecrecySection(Section):
    """[secrecy]: who takes care of sealed mail, and the certificate it is encrypted to; None: a pair of our own."""

    officers: tuple[Address, ...]
    certificate: Annotated[ExternalFile | None, EmptyIsNone]
