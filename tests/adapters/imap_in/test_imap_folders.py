"""Which folders a mail may have been moved to, as servers list them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.imap_in.answers import found_folders


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (rb'(\HasNoChildren) "/" INBOX', ['"INBOX"']),
        (rb'(\HasNoChildren \UnMarked \Trash) "/" "Deleted Items"', ['"Deleted Items"']),
        (rb"() NIL Archive", ['"Archive"']),
        (rb'(\Noselect \HasChildren) "/" "[Gmail]"', []),
        (rb'(\NonExistent) "." old', []),
        (rb'(\All \HasNoChildren) "/" "[Gmail]/All Mail"', ['"[Gmail]/All Mail"']),
        (rb'(\HasNoChildren) "." "&AMQA- \"x\""', [r'"&AMQA- \"x\""']),
        (rb'(\HasNoChildren) "." {5}', []),
        (b"LIST completed", []),
        (b'() "/" "a\r\nA1 DELETE b"', []),
    ],
    ids=["atom", "quoted", "no-delimiter", "parent", "gone", "all", "escaped", "literal", "end", "injection"],
)
def test_a_folder_that_can_be_opened_is_named_as_it_is_sent_back(line: bytes, names: list[str]) -> None:
    assert found_folders([line]) == names


@given(st.lists(st.binary(max_size=80), max_size=5))
def test_whatever_a_server_lists_no_name_breaks_out_of_its_quotes(lines: list[bytes]) -> None:
    for name in found_folders(lines):
        assert name[0] == name[-1] == '"'
        assert "\r" not in name
        assert "\n" not in name
        inner = name[1:-1].replace(r"\\", "").replace(r"\"", "")
        assert '"' not in inner
