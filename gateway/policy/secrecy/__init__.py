"""Marks of state secrets in a mail: on pages, in its subject, file names and first lines (Điều 8 khoản 2 điểm a)."""
