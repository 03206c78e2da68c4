"""What receivers judge our own mail by: its DKIM signature, and the SPF and DMARC records of our domain."""

from __future__ import annotations

import asyncio
import tempfile
from base64 import b64encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from gateway.adapters.mail_auth import (
    DkimKeys,
    DkimSigner,
    DnsFailure,
    Organisations,
    Resolver,
    check_dmarc,
    verify_dkim,
)
from gateway.adapters.mail_auth.dkim_keys import key_name
from gateway.checkup.result import REMEDIES, CheckResult, Task, fail, ok, warn
from gateway.checkup.senders import reason_of, resolver_of
from gateway.clock import SystemClock
from gateway.model.authentication import AuthResult, DkimCheck, DmarcCheck, SpfCheck
from gateway.model.domain_name import a_label, address_domain
from gateway.settings import Secret

GOOD_BITS = 2048
"""RFC 8301 section 3.2: signers should use RSA keys of at least so many."""
_LONGEST_STRING = 255
_SPF = b"v=spf1"


async def dkim(task: Task) -> list[CheckResult]:
    """The key is strong, what it signs is verified with the key in DNS, and the signature counts for our address."""
    section = task.settings.dkim
    if section.key is None:
        return [ok("dkim", "cổng không ký DKIM; chỉ nên để vậy khi máy chủ chuyển thư ký thay")]
    signer = DkimSigner(section.domain, section.selector, section.key.reveal().encode(), SystemClock())
    kind, bits, public = _public_key(section.key)
    name = key_name(section.domain, section.selector)
    record = f"v=DKIM1; k={kind}; p={b64encode(public).decode()}"
    results = await _key_in_dns(task, signer, name, record)
    if kind == "rsa" and bits < GOOD_BITS:
        results.append(
            warn(
                "dkim",
                f"khóa RSA {bits} bit, yếu hơn mức {GOOD_BITS} bit",
                f"Hãy chạy: openssl genrsa {GOOD_BITS}, công bố khóa mới dưới dkim.selector khác rồi mới đổi dkim.key.",
            )
        )
    return [*results, *await _alignment(task)]


def _public_key(secret: Secret) -> tuple[str, int, bytes]:
    """k=, bits (0 for Ed25519) and the bytes of p= (RFC 6376 section 3.6.1, RFC 8463 section 4)."""
    public = load_pem_private_key(secret.reveal().encode(), password=None).public_key()
    if isinstance(public, RSAPublicKey):
        return "rsa", public.key_size, public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "ed25519", 0, public.public_bytes(Encoding.Raw, PublicFormat.Raw)


async def _key_in_dns(task: Task, signer: DkimSigner, name: str, record: str) -> list[CheckResult]:
    publish = f"Hãy đề nghị người quản trị tên miền công bố đúng một bản ghi: {name}. IN TXT {_strings(record)}"
    try:
        found = [each for each in await resolver_of(task.settings).txt(name) if b"p=" in each]
    except DnsFailure as failure:
        return [warn("dkim", f"chưa tra được khóa công khai ở {name}: DNS {reason_of(failure)}", REMEDIES["dns"])]
    if not found:
        return [warn("dkim", f"chưa có khóa công khai ở {name}, nơi nhận coi như thư không có chữ ký", publish)]
    if len(found) > 1:
        return [fail("dkim", f"có {len(found)} bản ghi khóa ở {name}, nơi nhận không biết dùng bản nào", publish)]
    sample = signer.sign(f"From: {task.settings.mail.from_address}\r\n\r\nvanthu\r\n".encode())
    match await asyncio.to_thread(_verified, sample, DkimKeys({name: found[0]})):
        case AuthResult.PASS:
            return [ok("dkim", f"khóa công khai ở {name} xác nhận được chữ ký của cổng")]
        case AuthResult.NEUTRAL:
            return [warn("dkim", f"bản ghi ở {name} ghi là đang thử (t=y), nơi nhận coi như thư không ký", publish)]
    return [fail("dkim", f"khóa công khai ở {name} không phải của dkim.key, chữ ký của cổng bị coi là sai", publish)]


def _verified(mail: bytes, keys: DkimKeys) -> AuthResult:
    with tempfile.NamedTemporaryFile(prefix="vanthu-check-") as file:
        file.write(mail)
        file.flush()
        (check,) = verify_dkim(Path(file.name), keys)
    return check.result


def _strings(record: str) -> str:
    """As a zone file has it: strings of at most 255 bytes (RFC 1035 section 3.3)."""
    pieces = [record[start : start + _LONGEST_STRING] for start in range(0, len(record), _LONGEST_STRING)]
    quoted = " ".join(f'"{piece}"' for piece in pieces)
    return quoted if len(pieces) == 1 else f"( {quoted} )"


async def _alignment(task: Task) -> list[CheckResult]:
    """DMARC counts a signature for the author's own domain only (RFC 7489 section 3.1.1)."""
    section, author = task.settings.dkim, address_domain(task.settings.mail.from_address)
    signed = DkimCheck(AuthResult.PASS, a_label(section.domain), section.selector)
    dmarc, is_aligned = await check_dmarc(author, SpfCheck(), (signed,), resolver_of(task.settings), Organisations())
    if is_aligned or (dmarc.result is AuthResult.TEMPERROR and Organisations().same(signed.domain, author)):
        return []
    return [
        warn(
            "dkim",
            f"chữ ký của {section.domain} không được DMARC tính cho địa chỉ gửi {task.settings.mail.from_address}",
            f"Hãy đặt dkim.domain = {author}.",
        )
    ]


async def domain(task: Task) -> list[CheckResult]:
    """The domains in our address and in our envelope say who sends for them."""
    settings, resolver = task.settings, resolver_of(task.settings)
    author = address_domain(settings.mail.from_address)
    senders = dict.fromkeys(filter(None, (address_domain(settings.mail.reverse_path), author)))
    found = [await _spf(name, resolver) for name in senders]
    dmarc, _ = await check_dmarc(author, SpfCheck(), (), resolver, Organisations())
    return [*found, _dmarc(author, dmarc, settings.mail.it_staff[0])]


async def _spf(name: str, resolver: Resolver) -> CheckResult:
    try:
        count = sum(text.lower().split(b" ")[0] == _SPF for text in await resolver.txt(name))
    except DnsFailure as failure:
        return warn("domain", f"chưa tra được SPF của {name}: DNS {reason_of(failure)}", REMEDIES["dns"])
    if count == 1:
        return ok("domain", f"{name} có SPF")
    if count:
        return warn(
            "domain",
            f"{name} có {count} bản ghi SPF nên không bản nào được tính",
            "Hãy đề nghị người quản trị tên miền gộp thành một bản ghi v=spf1.",
        )
    return warn(
        "domain",
        f"{name} không có SPF, nơi nhận không biết máy nào được gửi thư của tên miền",
        f'Hãy đề nghị người quản trị tên miền thêm: {name}. IN TXT "v=spf1 ip4:<địa chỉ máy chủ chuyển thư> -all", '
        "ghi đủ mọi máy chủ gửi thư của tên miền.",
    )


def _dmarc(name: str, found: DmarcCheck, reports: str) -> CheckResult:
    if found.result is AuthResult.TEMPERROR:
        return warn("domain", f"chưa tra được DMARC của {name}: DNS không trả lời", REMEDIES["dns"])
    if found.result is not AuthResult.NONE:
        return ok("domain", f"{name} có DMARC (p={found.policy})")
    return warn(
        "domain",
        f"{name} không có đúng một bản ghi DMARC, ai cũng mạo nhận được địa chỉ của cơ quan",
        f'Hãy đề nghị người quản trị tên miền thêm: _dmarc.{name}. IN TXT "v=DMARC1; p=none; rua=mailto:{reports}", '
        "xem báo cáo vài tuần rồi chuyển sang p=quarantine.",
    )
