"""The registers as files: PDF to print and bind, XLSX and CSV to work with. Each writer takes a row at a time and keeps
none, so that a million rows cost the memory of one page.
"""
