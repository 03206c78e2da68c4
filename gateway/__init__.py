"""vanthu: the mail gateway of an agency's records office (văn thư)."""

__version__ = "0.1.0"
