"""ClamAV's daemon over its socket (clamd(8), INSTREAM), through pyclamd and never on the event loop.

pyclamd 0.4.0 takes silence for clean, may lose bytes of a stream and knows no deadline; those of
its methods that talk to the socket are replaced here. Clean is only what clamd itself calls OK.
"""

from gateway.adapters.clamd.answer import ScannerVersion
from gateway.adapters.clamd.scanner import ClamdScanner

__all__ = ["ClamdScanner", "ScannerVersion"]
