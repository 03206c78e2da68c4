"""Lists of revoked certificates and answers about one, asked of their authorities and kept for all processes.

The daemon asks (`fetcher`); workers, which have no network, say what to ask and read what came (`jobs`).
"""
