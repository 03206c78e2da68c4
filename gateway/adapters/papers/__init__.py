"""Our own papers as PDF: the signed receipt, made and read again, and the arrival stamp on a copy of page 1.

Nothing is imported here: most commands need none of these libraries, and those of stamps load in a worker only.
"""
