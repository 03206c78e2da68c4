"""What a receipt carries for machines comes back as it went, and nothing else is taken for it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.journal import JournalHead
from gateway.model.receipt import Receipt, ReceiptFile, UnreadableReceipt, from_json, to_json

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
FILES = st.builds(ReceiptFile, TEXT, TEXT, st.integers(0), st.none() | st.integers(0), TEXT, TEXT, st.tuples(TEXT))
RECEIPTS = st.builds(
    Receipt,
    agency=TEXT,
    document=TEXT,
    book=TEXT,
    arrival_number=st.integers(1),
    year=st.integers(2000, 3000),
    received_at=MOMENTS,
    registered_at=MOMENTS,
    sender=TEXT,
    mail=TEXT,
    mail_sha256=TEXT,
    identifier=st.none() | TEXT,
    issued_on=st.none() | st.dates(),
    document_type=st.none() | TEXT,
    abstract=st.none() | TEXT,
    issuer=st.none() | TEXT,
    files=st.lists(FILES, max_size=3).map(tuple),
    paper=TEXT,
    link=TEXT,
    head=st.builds(JournalHead, st.integers(0), TEXT),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner)
)


@given(receipt=RECEIPTS)
def test_a_receipt_comes_back_as_it_went(receipt: Receipt) -> None:
    assert from_json(to_json(receipt)) == receipt


@given(content=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_what_is_no_receipt_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableReceipt):
        from_json(content)


@given(receipt=RECEIPTS, data=st.data())
def test_no_field_takes_a_value_of_another_kind_and_none_may_be_missing(receipt: Receipt, data: st.DataObject) -> None:
    values = json.loads(to_json(receipt))
    key = data.draw(st.sampled_from(sorted(values)))
    wrong = values | {key: {"another": "kind"}}
    with pytest.raises(UnreadableReceipt):
        from_json(json.dumps(wrong).encode())
    del values[key]
    with pytest.raises(UnreadableReceipt):
        from_json(json.dumps(values).encode())
