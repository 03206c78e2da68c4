"""What checks found out about a file. Facts carry no opinion: rules have that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.model.header import HeaderFields
from gateway.model.page import TextEncoding
from gateway.model.signature import Proof, Signature


class ScanVerdict(StrEnum):
    """NOT_SCANNED is a verdict of its own and never passes for clean."""

    CLEAN = "clean"
    INFECTED = "infected"
    NOT_SCANNED = "not_scanned"


@dataclass(frozen=True, slots=True)
class Scan:
    """One virus scan. `engine` names product and signature version; `name` is the virus or why nothing was scanned.

    `transient` is true where a later try may succeed (no scanner, time-out), false where
    the content itself cannot be scanned (over the scanner's limits). `signatures` is the number of the signatures,
    None where the scanner has no numbered ones.
    """

    verdict: ScanVerdict
    engine: str
    name: str | None = None
    transient: bool = False
    signatures: int | None = None


@dataclass(frozen=True, slots=True)
class Engine:
    """By what scans are made now: `name` is the `engine` of its scans, `signatures` the number of its signatures.

    Signatures without a number change unseen, so that verdicts by them are good for once.
    """

    name: str
    signatures: int | None = None

    def may_judge_otherwise(self, scan: Scan) -> bool:
        """Whether a content is worth scanning again. What newer signatures than these have judged is not."""
        if scan.verdict is ScanVerdict.NOT_SCANNED or scan.signatures is None or self.signatures is None:
            return True
        return scan.signatures < self.signatures or (scan.signatures == self.signatures and scan.engine != self.name)


class Secrecy(StrEnum):
    """Secrecy marks of Luật 29/2018/QH14, lowest first."""

    MAT = "mat"
    TOI_MAT = "toi_mat"
    TUYET_MAT = "tuyet_mat"


class Urgency(StrEnum):
    """Urgency marks of Nghị định 30/2020 Phụ lục I, lowest first."""

    KHAN = "khan"
    THUONG_KHAN = "thuong_khan"
    HOA_TOC = "hoa_toc"


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks standing by themselves in the header zone of page 1."""

    secrecy: Secrecy | None = None
    urgency: Urgency | None = None


class ActiveKind(StrEnum):
    """What a file holds that runs, fetches or overwhelms when somebody opens it. A row each in active.toml.

    Of VBA: MACRO is code that nothing starts, AUTO_MACRO code that opening or closing starts, SUSPICIOUS_MACRO code
    with words of attackers in it (a shell, a download, a hidden string), whatever starts it. XLM_MACRO is an Excel 4
    macro sheet. OLE_OBJECT is an embedded document of a known application, OLE_PACKAGE an embedded file of any kind,
    EQUATION the old equation editor's object, ACTIVEX a control. DDE is a field or formula that starts a program.
    EXTERNAL_TEMPLATE is fetched and run on opening, EXTERNAL_LINK fetched (pictures, frames, linked objects),
    WORKBOOK_LINK the figures of another workbook or document near by, which the reader is asked about.
    Of PDF: JAVASCRIPT, LAUNCH (also links of Office that start a program), EMBEDDED_FILE, XFA, SUBMIT (form data
    sent away), REMOTE (opening another file or address by itself), RICH_MEDIA. RTF_EXPLOIT is a shape that only
    exploits of RTF readers have.
    BOMB is a picture, XML or packing that grows beyond reason; POLYGLOT is one file that readers of two formats
    accept; EXECUTABLE is program code inside something else.
    """

    MACRO = "macro"
    AUTO_MACRO = "auto_macro"
    SUSPICIOUS_MACRO = "suspicious_macro"
    XLM_MACRO = "xlm_macro"
    OLE_OBJECT = "ole_object"
    OLE_PACKAGE = "ole_package"
    EQUATION = "equation"
    ACTIVEX = "activex"
    DDE = "dde"
    EXTERNAL_TEMPLATE = "external_template"
    EXTERNAL_LINK = "external_link"
    WORKBOOK_LINK = "workbook_link"
    JAVASCRIPT = "javascript"
    LAUNCH = "launch"
    EMBEDDED_FILE = "embedded_file"
    XFA = "xfa"
    SUBMIT = "submit"
    REMOTE = "remote"
    RICH_MEDIA = "rich_media"
    RTF_EXPLOIT = "rtf_exploit"
    BOMB = "bomb"
    POLYGLOT = "polyglot"
    EXECUTABLE = "executable"


@dataclass(frozen=True, slots=True)
class ActiveContent:
    """One thing that could run. `place` is where in the file, `detail` what it is: short, Vietnamese, printable."""

    kind: ActiveKind
    place: str = ""
    detail: str = ""


INSPECTION = "inspection"
"""The check, in `unknown`, of a file that was not opened at all."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Everything found out about one file except its scan, which ages and is kept beside it.

    `type` is the media type told from content. `pages` is None where the format has none or
    they could not be counted. `text` is Unicode in NFC; `encoding` says which code the file itself has its
    letters in. `active` is what could run. `unknown` lists checks that did not come to an end, by name
    with a cause in Vietnamese: such a file is held, never passed (promise 3). `proofs` are what its signatures were
    judged by, on their way from the worker to the blobs; facts read back have none.
    """

    sha256: str
    size: int
    type: str
    pages: int | None = None
    text: str = ""
    encoding: TextEncoding = TextEncoding.NONE
    marks: Marks = field(default_factory=Marks)
    header: HeaderFields = field(default_factory=HeaderFields)
    signatures: tuple[Signature, ...] = ()
    encrypted: bool = False
    active: tuple[ActiveContent, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    proofs: tuple[Proof, ...] = ()

    @property
    def opened(self) -> bool:
        """Whether anybody looked inside: without that, nothing found means nothing."""
        return INSPECTION not in self.unknown
