"""The verbs of the records office, one module each; `stages` puts them in order, `runner` turns the wheel."""
