"""How far a mail is taken apart before the rest is only named (bombs, endless nesting)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps of one mail, sizes in bytes and texts in characters; what lies past a cap is named in the problems."""

    depth: int = 30
    parts: int = 2_000
    header_block: int = 256 * 1024
    header_value: int = 32 * 1024
    decoded: int = 256 * 1024 * 1024
    text_source: int = 1024 * 1024
    body_text: int = 200_000
    body_lines: int = 20_000
    authored: int = 20_000
    subject: int = 1_000
    problems: int = 100
    references: int = 100
    addressed: int = 20
    other_texts: int = 50
    other_text: int = 4_000
    beginning: int = 128 * 1024
    attached_subjects: int = 50
    packed_names: int = 500
    packed_name: int = 250


LIMITS = Limits()
