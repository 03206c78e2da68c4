"""Messages of the exchange between document management systems (QCVN 102:2016/BTTTT, edXML), with the files in them.

Runs inside a sandboxed worker process. Names of elements count, not their namespaces nor their order: producers differ
in both. Nothing outside the message is ever fetched, and no entity expanded.
"""

from gateway.adapters.edxml.reader import read_exchange

__all__ = ["read_exchange"]
