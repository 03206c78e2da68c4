"""Archives taken apart within limits: ZIP, RAR, 7z, tar, and files packed by gzip, bzip2, xz and zstd.

Runs inside a sandboxed worker process. ZIP is read by the standard library, which tells where every member stands, all
others by libarchive. Nothing is ever written: members come as bytes, with a name that nobody uses as a path.
"""

from gateway.adapters.archive.locked import locked
from gateway.adapters.archive.opener import ArchiveOpener
from gateway.adapters.archive.stream import load

__all__ = ["ArchiveOpener", "load", "locked"]
