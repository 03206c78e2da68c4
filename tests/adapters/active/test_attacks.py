"""Every attack with content that runs is kept out by its own rule, and nothing like it in ordinary files is."""

from __future__ import annotations

import tempfile
import tomllib
from functools import cache
from pathlib import Path

import pytest

from gateway.adapters.active import PartlyExamined, examine
from gateway.adapters.filetype import sniff
from gateway.model.facts import ActiveContent, ActiveKind, FileFacts
from gateway.model.finding import Finding, Outcome
from gateway.model.part import Part, PartDecision
from gateway.policy.active import ActiveTable
from gateway.policy.case import Case, Examined
from gateway.policy.content import ContentRules
from gateway.policy.formats import FormatTable
from gateway.policy.rules.active import active_content
from gateway.shipped import shipped
from tests.attacks import bombs, clean_active, macros, office_links, ole, pdf_active, rtf
from tests.attacks.attack import Attack, Clean
from tests.records import CLEAN, parsed, raw, sha256

POLICY = shipped("config") / "policy"
FORMATS = FormatTable.from_rows(**tomllib.loads((POLICY / "formats.toml").read_text(encoding="utf-8")))
TABLE = ActiveTable.from_rows(tomllib.loads((POLICY / "active.toml").read_text(encoding="utf-8"))["content"])
ATTACKS = [
    attack
    for family in (macros, ole, office_links, pdf_active, rtf, bombs)
    for attack in family.ATTACKS
    if "active_content" in attack.expect
]
KINDS = {
    "doc-macro-that-nothing-starts": {ActiveKind.MACRO},
    "doc-macro-autoopen": {ActiveKind.AUTO_MACRO},
    "doc-macro-shell": {ActiveKind.AUTO_MACRO, ActiveKind.SUSPICIOUS_MACRO},
    "doc-macro-source-removed": {ActiveKind.SUSPICIOUS_MACRO},
    "xls-macro-user-function": {ActiveKind.MACRO},
    "xls-xlm-sheet-very-hidden": {ActiveKind.XLM_MACRO},
    "csv-sylk-exec": {ActiveKind.XLM_MACRO},
    "doc-package-with-program-under-pdf-name": {ActiveKind.EXECUTABLE},
    "doc-package-of-any-file": {ActiveKind.OLE_PACKAGE},
    "doc-control": {ActiveKind.ACTIVEX},
    "doc-flash": {ActiveKind.ACTIVEX},
    "doc-object-linked-to-address": {ActiveKind.EXTERNAL_TEMPLATE},
    "doc-object-linked-to-script": {ActiveKind.EXECUTABLE},
    "doc-equation-overlong-font": {ActiveKind.EQUATION},
    "docx-embedding-pdf-with-script": {ActiveKind.OLE_OBJECT, ActiveKind.JAVASCRIPT},
    "docx-package-in-package": {ActiveKind.OLE_PACKAGE, ActiveKind.EXECUTABLE},
    "docx-dde": {ActiveKind.DDE},
    "docx-dde-name-written-by-numbers": {ActiveKind.DDE},
    "csv-webservice": {ActiveKind.EXTERNAL_LINK},
    "docx-template-from-share": {ActiveKind.EXTERNAL_TEMPLATE},
    "docx-picture-from-web": {ActiveKind.EXTERNAL_LINK},
    "docx-search-link": {ActiveKind.LAUNCH},
    "pdf-script-with-escaped-names": {ActiveKind.JAVASCRIPT},
    "pdf-script-in-earlier-revision": {ActiveKind.JAVASCRIPT},
    "pdf-script-in-object-stream": {ActiveKind.JAVASCRIPT},
    "pdf-launch-for-windows": {ActiveKind.LAUNCH},
    "pdf-attached-program": {ActiveKind.EMBEDDED_FILE, ActiveKind.EXECUTABLE},
    "pdf-attached-document": {ActiveKind.EMBEDDED_FILE},
    "pdf-xfa": {ActiveKind.XFA},
    "pdf-submit": {ActiveKind.SUBMIT},
    "pdf-address-on-turning-page": {ActiveKind.REMOTE},
    "pdf-model": {ActiveKind.RICH_MEDIA},
    "rtf-equation-obfuscated": {ActiveKind.RTF_EXPLOIT, ActiveKind.EQUATION},
    "rtf-package-with-program": {ActiveKind.EXECUTABLE},
    "rtf-template-in-unicode": {ActiveKind.EXTERNAL_TEMPLATE},
    "rtf-fonts-without-end": {ActiveKind.RTF_EXPLOIT},
    "docx-entities": {ActiveKind.BOMB},
    "tiff-huge-in-two-colours": {ActiveKind.BOMB},
    "pdf-stream-in-layers": {ActiveKind.BOMB},
}


def found_in(content: bytes) -> tuple[ActiveContent, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tep"
        path.write_bytes(content)
        return examine(path, sniff(path))


@cache
def found_in_attack(attack: Attack) -> tuple[ActiveContent, ...]:
    try:
        return found_in(attack.make())
    except PartlyExamined as partly:
        return partly.found


def judged(found: tuple[ActiveContent, ...], name: str) -> list[Finding]:
    part = Part("2", name, "", "", 4, sha256(name), PartDecision.DOCUMENT, "tệp")
    file = Examined(part, FileFacts(part.sha256 or "", 4, "", active=found), CLEAN)
    return list(active_content(Case(parsed(), raw("thư"), (file,), (), (), ContentRules(FORMATS, TABLE))))


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_every_attack_is_kept_out(attack: Attack) -> None:
    findings = judged(found_in_attack(attack), attack.file_name)
    assert {finding.outcome for finding in findings} & {Outcome.HOLD, Outcome.REFUSE}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_what_is_told_is_short_and_printable(attack: Attack) -> None:
    for each in found_in_attack(attack):
        assert all(text.isprintable() and len(text) <= 120 for text in (each.place, each.detail))


@pytest.mark.parametrize("attack", [each for each in ATTACKS if each.name in KINDS], ids=lambda attack: attack.name)
def test_what_is_found_is_called_what_it_is(attack: Attack) -> None:
    assert {content.kind for content in found_in_attack(attack)} == KINDS[attack.name]


def test_every_kind_told_of_belongs_to_an_attack() -> None:
    assert KINDS.keys() <= {attack.name for attack in ATTACKS}


@pytest.mark.parametrize("clean", clean_active.CLEAN, ids=lambda clean: clean.name)
def test_no_ordinary_file_is_held(clean: Clean) -> None:
    findings = judged(found_in(clean.make()), clean.file_name)
    assert [finding for finding in findings if finding.outcome is not Outcome.WARN] == []


def test_names_are_unique() -> None:
    names = [each.name for each in (*ATTACKS, *clean_active.CLEAN)]
    assert len(set(names)) == len(names)
