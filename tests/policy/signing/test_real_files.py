"""The six real documents of the province: each signature for what it is."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from gateway.adapters.signatures import load_anchors, validate_signatures
from gateway.model.header import HeaderFields
from gateway.policy.signing import Formality, Standing, formality, roles_of

SHARED = Path(__file__).resolve().parents[3].parent / "shared"
FOLDER = SHARED / "corpora" / "signed-pdf" / "vn-vgca"
TABLE = FOLDER / "labels.csv"
LABELS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())) if TABLE.exists() else []

FIVE = ["approval", "seal", "seal_on_number", "seal_on_date", "copy"]
EXPECTED = {
    "vn01.pdf": (["seal", "copy"], Formality.SEAL_ALONE, ""),
    "vn02.pdf": (["seal"], Formality.SEAL_ALONE, ""),
    "vn05.pdf": (FIVE, Formality.ISSUED, "TL. KT. PHÓ CHÁNH VĂN PHÒNG"),
    "vn12.pdf": (["copy"], Formality.COPY_ALONE, ""),
    "vn18.pdf": (["seal", "copy"], Formality.SEAL_ALONE, ""),
    "vn28.pdf": (FIVE, Formality.ISSUED, "TL. KT. PHÓ CHÁNH VĂN PHÒNG"),
}


@pytest.mark.corpus
@pytest.mark.parametrize("label", [row for row in LABELS if row["file"] in EXPECTED], ids=lambda row: row["file"])
def test_each_signature_of_a_real_document_is_told_for_what_it_is(label: dict[str, str]) -> None:
    roles, form, capacity = EXPECTED[label["file"]]
    found, _ = validate_signatures(FOLDER / label["file"], load_anchors(SHARED / "domain" / "certs"))
    signed = roles_of(found, Standing(HeaderFields(issuer=label["issuer"], signer=label["signer"])))
    assert [each.role.value for each in signed] == roles
    assert formality(signed) is form
    assert [each.capacity.shown for each in signed if each.capacity.shown] == ([capacity] if capacity else [])
