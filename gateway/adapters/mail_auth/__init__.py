"""Who sent a mail: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489) and the word of a trusted server (RFC 8601).

DNS is asked in the daemon; the mail itself is opened in worker processes only, by `verify_dkim` with keys given to it.
"""

from gateway.adapters.mail_auth.authenticate import SenderAuthenticator
from gateway.adapters.mail_auth.dkim_keys import DkimKeys, fetch_keys
from gateway.adapters.mail_auth.dkim_verify import verify_dkim
from gateway.adapters.mail_auth.dmarc import check_dmarc
from gateway.adapters.mail_auth.domains import Organisations
from gateway.adapters.mail_auth.resolver import DnsFailure, Resolver
from gateway.adapters.mail_auth.sender_policy import check_spf
from gateway.adapters.mail_auth.signing import DkimSigner

__all__ = [
    "DkimKeys",
    "DkimSigner",
    "DnsFailure",
    "Organisations",
    "Resolver",
    "SenderAuthenticator",
    "check_dmarc",
    "check_spf",
    "fetch_keys",
    "verify_dkim",
]
