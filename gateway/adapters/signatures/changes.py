"""What later revisions of a PDF file did to what had been signed before (ISO 32000-2 section 12.8.2.2)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel, SuspiciousModification
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from gateway.model.signature import Coverage

KEPT_REVISIONS = 3
MOST_REVIEWED = 12
"""So many later revisions are compared with the signed one directly, where a single step looks like an alteration."""


class RevisedReader(PdfFileReader):
    """Keeps the objects of few revisions at a time: with a hundred of them they would fill the memory."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream, strict=False)  # strict refuses hybrid cross-references, which Word writes
        self._kept: OrderedDict[int, HistoricalResolver] = OrderedDict()

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        """The file as it was at a revision, the oldest being 0."""
        if revision not in self._kept:
            self._kept[revision] = HistoricalResolver(self, revision)
        self._kept.move_to_end(revision)
        found = self._kept[revision]
        while len(self._kept) > KEPT_REVISIONS:
            self._kept.popitem(last=False)
        return found


@dataclass(frozen=True, slots=True)
class After:
    """What followed a signature. `filled` counts the form fields filled in, `kept` tells of data for later proof."""

    coverage: Coverage
    why: str = ""
    signatures: int = 0
    stamps: int = 0
    filled: int = 0
    kept: bool = False

    def words(self) -> str:
        """The allowed additions in Vietnamese, "" where there are none."""
        if self.coverage is not Coverage.EXTENDED_ALLOWED:
            return ""
        parts = [f"{self.signatures} chữ ký số"] if self.signatures else []
        parts += [f"{self.stamps} dấu thời gian"] if self.stamps else []
        parts += [f"điền {self.filled} ô biểu mẫu"] if self.filled else []
        parts += ["dữ liệu kiểm chứng lâu dài (DSS)"] if self.kept else []
        return f"bổ sung sau khi ký: {', '.join(parts)}" if parts else ""


class Changes:
    """The history of one file. Each step from a revision to the next is compared once, for all signatures before it.

    If every step adds only what may be added, so do all of them together; a signature with permissions of its own
    (DocMDP, FieldMDP) has its steps compared under these.
    """

    def __init__(
        self,
        reader: PdfFileReader,
        signatures: Sequence[EmbeddedPdfSignature],
        stamps: frozenset[EmbeddedPdfSignature],
    ) -> None:
        self._reader = reader
        self._signatures = signatures
        self._stamps = stamps
        self._fields = {signature.fq_name for signature in signatures}
        self._plain_step = cache(self._step)

    def after(self, signature: EmbeddedPdfSignature, *, contiguous: bool) -> After:
        """What of the file `signature` covers; `contiguous` tells that its byte range leaves out nothing but itself."""
        level = signature.evaluate_signature_coverage()
        if not contiguous or level < SignatureCoverageLevel.ENTIRE_REVISION:
            return After(Coverage.MODIFIED, "chữ ký không bao trùm toàn bộ nội dung tệp tại lúc ký")
        if level == SignatureCoverageLevel.ENTIRE_FILE:
            return After(Coverage.WHOLE)
        changed = self._changed(signature)
        if changed is None:
            return After(Coverage.MODIFIED, "tệp bị sửa đổi sau khi ký, ngoài phạm vi cho phép")
        base = signature.signed_revision
        later = [each for each in self._signatures if each.signed_revision > base]
        stamps = len(self._stamps.intersection(later))
        return After(
            Coverage.EXTENDED_ALLOWED,
            signatures=len(later) - stamps,
            stamps=stamps,
            filled=len(changed - self._fields),
            kept=self._keeps_proofs_since(base),
        )

    def _changed(self, signature: EmbeddedPdfSignature) -> set[str] | None:
        """The form fields changed since; None where more was changed than may be."""
        base, last = signature.signed_revision, self._reader.xrefs.total_revisions
        permitted, locked = signature.docmdp_level, signature.fieldmdp
        changed: set[str] = set()
        for revision in range(base, last - 1):
            if permitted is None and locked is None:
                step = self._plain_step(revision)
            else:
                step = self._step(revision, permitted, locked)
            if step is None or not _within(step, permitted):
                return self._reviewed(signature) if last - base <= MOST_REVIEWED else None
            changed |= step.changed_form_fields
        return changed

    def _step(
        self, revision: int, permitted: MDPPerm | None = None, locked: FieldMDPSpec | None = None
    ) -> DiffResult | None:
        """What the revision after `revision` did; None for an alteration."""
        view = self._reader.get_historical_resolver
        with suppress(SuspiciousModification):
            return DEFAULT_DIFF_POLICY.apply(view(revision), view(revision + 1), locked, permitted)
        return None

    def _reviewed(self, signature: EmbeddedPdfSignature) -> set[str] | None:
        """As pyHanko has it: each later revision against the signed one.

        Programs write proofs anew (DSS), which spoils those of a time stamp between, not of a signature before both.
        """
        result = DEFAULT_DIFF_POLICY.review_file(
            self._reader,
            signature.signed_revision,
            field_mdp_spec=signature.fieldmdp,
            doc_mdp=signature.docmdp_level,
        )
        if isinstance(result, SuspiciousModification) or not _within(result, signature.docmdp_level):
            return None
        return set(result.changed_form_fields)

    def _keeps_proofs_since(self, revision: int) -> bool:
        root = self._reader.root
        store = root.raw_get("/DSS") if "/DSS" in root else None
        if not isinstance(store, IndirectObject):
            return store is not None
        return bool(self._reader.xrefs.get_last_change(store.reference) > revision)


def _within(result: DiffResult, permitted: MDPPerm | None) -> bool:
    level = result.modification_level
    return level != ModificationLevel.OTHER and (permitted is None or level.value <= permitted.value)
