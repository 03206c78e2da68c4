"""What else than its page 1 speaks of a document: messages of exchange, other versions, the mail's words, file names.

A second source that agrees makes a reading surer; one that disagrees makes it doubtful and is told; only what page 1
does not say is taken from elsewhere (Điều 11 khoản 1 điểm b).
"""
