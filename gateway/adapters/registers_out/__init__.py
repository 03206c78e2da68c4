"""The registers as files: PDF to print and bind, XLSX and CSV to work with. Each writer takes a row at a time and keeps
none; what is drawn or written before a file is whole lies in a folder of its own.
"""
