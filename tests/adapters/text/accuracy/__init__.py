"""How right the fields of typeset and scanned documents are read; a tool, run as `python -m tests.adapters.text.accuracy`."""
