"""How right the fields of typeset and scanned documents are read: `python -m tests.adapters.text.accuracy`."""
