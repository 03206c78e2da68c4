"""Entries of PDF dictionaries as pyHanko has them."""

from __future__ import annotations

from pyhanko.pdf_utils.generic import DictionaryObject


def entry(dictionary: DictionaryObject, name: str) -> object:
    """What stands under `name`, references followed (which `get` does not do); None where nothing does."""
    try:
        return dictionary[name]
    except KeyError:
        return None
