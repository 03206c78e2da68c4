"""Mails that attack time, memory or the record of what was in them, each of a size that can be chosen."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable

from tests.adapters.mime.mails import PDF, TnefBuilder, attached, leaf, multipart, text_part

FROM = b"From: a@b.vn\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def _text(header: bytes, body: bytes = b"x") -> bytes:
    return FROM + header + b"\r\n\r\n" + body


def _mixed(parts: list[bytes], boundary: bytes = b"b") -> bytes:
    inner = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        FROM
        + b"Content-Type: multipart/mixed; boundary="
        + boundary
        + b"\r\n\r\n"
        + inner
        + b"--"
        + boundary
        + b"--\r\n"
    )


def _nested(n: int) -> bytes:
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (k, k) for k in range(n))
    return FROM + opened + b"Content-Type: text/plain\n\nx\n" + b"".join(b"\n--b%d--\n" % k for k in reversed(range(n)))


def _prefix_boundaries(n: int) -> bytes:
    """Boundaries each of which begins with the one outside it."""
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=" + b"b" * (k + 1) + b"\n\n--" + b"b" * (k + 1) + b"\n"
        for k in range(n)
    )
    return FROM + opened + b"\n\nx\n" + b"".join(b"\n--" + b"b" * (k + 1) + b"--\n" for k in reversed(range(n)))


def _tnef_in_tnef(n: int) -> bytes:
    inner = TnefBuilder().attach(b"a.pdf", PDF).build()
    for _ in range(n):
        inner = TnefBuilder().attach(b"winmail.dat", inner).build()
    return FROM + leaf(inner, "Content-Type: application/ms-tnef").encode()


def _tnef_attributes(n: int) -> bytes:
    stream = struct.pack("<IH", 0x223E9F78, 1) + (struct.pack("<BHHI", 2, 0x9002, 6, 0) + b"\x00\x00") * n
    return FROM + leaf(stream, "Content-Type: application/ms-tnef").encode()


def _status(n: int) -> bytes:
    groups = b"".join(
        b"Final-Recipient: rfc822; a%d@b.vn\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" % k for k in range(n)
    )
    return (
        FROM
        + b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        + groups
        + b"--b--\r\n"
    )


def _bounce(line: bytes) -> Callable[[int], bytes]:
    head = (
        b"From: mailer-daemon@b.vn\r\nSubject: failure notice\r\nX-Failed-Recipients: " + b"a@b.vn, " * 30 + b"\r\n\r\n"
    )
    return lambda n: head + line * n


# By name, the mail of size n; n is a number of repeats.
GROWING: dict[str, tuple[Callable[[int], bytes], int]] = {
    "one header": (lambda n: _text(b"Subject: " + b"a" * n), 1_000_000),
    "one folded header": (lambda n: _text(b"X: a" + b"\r\n a" * n), 250_000),
    "headers": (lambda n: _text(b"\r\n".join(b"X-%d: y" % k for k in range(n))), 100_000),
    "received": (lambda n: b"Received: from a (a [1.2.3.4]) by b with ESMTP; x\r\n" * n + _text(b"X: y"), 10_000),
    "results": (lambda n: b"Authentication-Results: mx; spf=pass\r\n" * n + _text(b"X: y"), 6_000),
    "signatures": (lambda n: b"DKIM-Signature: v=1; d=a.vn\r\n" * n + _text(b"X: y"), 8_000),
    "from fields": (lambda n: b"From: a@b.vn\r\n" * n + _text(b"X: y"), 15_000),
    "authors": (lambda n: _text(b"From: " + b"a@b.vn, <c@d.vn> " * n), 2_000),
    "addresses in received": (lambda n: b"Received: from " + b"1.2.3.4 " * n + b"by b\r\n" + _text(b"X: y"), 4_000),
    "parts": (lambda n: _mixed([b"\r\nx"] * n), 10_000),
    "empty parts": (lambda n: _mixed([b""] * n), 40_000),
    "levels": (_nested, 100),
    "boundaries that begin alike": (_prefix_boundaries, 60),
    "messages in messages": (lambda n: FROM + b"Content-Type: message/rfc822\n\n" * n + FROM + b"\n\nx", 5_000),
    "continuations": (
        lambda n: _text(b"Content-Disposition: attachment; " + b"; ".join(b"filename*%d*=%%61" % k for k in range(n))),
        1_500,
    ),
    "one continuation number": (lambda n: _text(b"Content-Disposition: attachment" + b"; filename*0*=x" * n), 2_000),
    "percent signs": (lambda n: _text(b"Content-Disposition: attachment; filename*=utf-8''" + b"%E1" * n), 10_000),
    "encoded words": (lambda n: _text(b"Subject: " + b"=?utf-8?B?4bqh?= " * n), 100_000),
    "encoded words of many charsets": (
        lambda n: _text(b"Subject: " + b"=?utf-8?Q?a?= =?iso-2022-jp?B?GyRC?= =?utf-7?Q?+AA?= " * n),
        10_000,
    ),
    "unfinished encoded words": (lambda n: _text(b"Subject: " + b"=?utf-8?B?" * n), 100_000),
    "quotes": (lambda n: _text(b'Content-Type: text/plain; name="' + b'\\"' * n), 15_000),
    "comments": (lambda n: _text(b"Content-Transfer-Encoding: " + b"(" * n + b"7bit"), 30_000),
    "base64 with junk": (lambda n: _text(b"Content-Transfer-Encoding: base64", b"QUJD*\r\n=\r\nx y\r\n" * n), 100_000),
    "base64 padding": (lambda n: _text(b"Content-Transfer-Encoding: base64", b"QQ==" * n), 300_000),
    "quoted-printable": (
        lambda n: _text(b"Content-Transfer-Encoding: quoted-printable", b"=C3=A1=\r\n=X " * n),
        100_000,
    ),
    "uuencoded files": (lambda n: _text(b"X: y", b"begin 644 a\n#0V%T\n`\nend\n" * n), 30_000),
    "begins without end": (lambda n: _text(b"X: y", b"begin 644 a\n#0V%T\n" * n), 50_000),
    "tnef in tnef": (_tnef_in_tnef, 25),
    "tnef attributes": (_tnef_attributes, 100_000),
    "html tags": (lambda n: _text(b"Content-Type: text/html", b"<p><blockquote><td>" * n), 30_000),
    "html entities": (lambda n: _text(b"Content-Type: text/html", b"&#x1ea1&amp&" * n), 50_000),
    "utf-16": (lambda n: _text(b"Content-Type: text/plain; charset=utf-16", "ạ".encode("utf-16-le") * n), 300_000),
    "combining marks": (
        lambda n: _text(b"Content-Type: text/plain; charset=utf-8", "a\u0323\u0302".encode() * n),
        100_000,
    ),
    "marks without end": (lambda n: _text(b"X: y", ("a" + "\u0323\u0302" * n).encode()), 100_000),
    "marks in the subject": (lambda n: _text(b"Subject: " + ("a" + "\u0323\u0302" * n).encode()), 7_000),
    "recipients of a report": (_status, 10_000),
    "words of a bounce": (_bounce(b"address mailbox user "), 8_000),
    "addresses of a bounce": (_bounce(b"a@b.vn "), 20_000),
    "dots of a bounce": (_bounce(b"5.1.1.5.1.1.message "), 8_000),
    "lines of a bounce": (_bounce(b"x@y.vn\r\n"), 20_000),
    "addresses to answer to": (lambda n: b"Reply-To: a" + b"-confirm-aaaa" * n + b"\r\n" + _text(b"X: y"), 2_400),
    "calendar": (lambda n: _text(b"Content-Type: text/calendar", b"METHOD;X=y\r\n" * n), 20_000),
}


def small() -> dict[str, bytes]:
    """Each of them, small, with the odd ones below."""
    return {name: make(min(n, 40)) for name, (make, n) in GROWING.items()} | ODD


def _apple(subtype: str) -> bytes:
    header = b"\x00\x05\x16\x07\x00\x02\x00\x00" + b"\x00" * 16 + b"\x00\x00"
    part = leaf(header, 'Content-Type: application/applefile; name="cv.pdf"')
    return FROM + multipart(subtype, part, attached(PDF, "cv.pdf")).encode()


ODD: dict[str, bytes] = {
    "no from": b"Subject: x\r\n\r\nx",
    "two froms": b"From: a@b.vn\r\nFrom: c@d.vn\r\n\r\nx",
    "NUL bytes": b"From: a\x00@b.vn\r\nSub\x00ject: x\x00y\r\nContent-Type: text/plain\x00\r\n\r\nx\x00y\r\n",
    "8-bit headers": "From: Sở <a@b.vn>\r\nSubject: Công văn\r\n\r\nx".encode(),
    "8-bit headers of windows": b"From: S\xf4 <a@b.vn>\r\nSubject: C\xf4ng v\xe3n\r\n\r\nx",
    "lone CR": b"From: a@b.vn\rSubject: x\r\rKinh gui\r",
    "lone CR among CRLF": b"From: a@b.vn\r\nSubject: x\rBcc: y\r\n\r\nKinh\rgui\r\n",
    "utf-16 body": _text(b"Content-Type: text/plain; charset=utf-16", "Kính gửi".encode("utf-16")),
    "utf-16 body without a label": _text(b"X: y", "Kính gửi".encode("utf-16")),
    "part of a message": _text(b'Content-Type: message/partial; id="a"; number=1; total=3', FROM + b"\r\nx"),
    "body elsewhere": _text(
        b'Content-Type: message/external-body; access-type=URL; URL="http://x.example/a.pdf"',
        b"Content-Type: application/pdf\r\n\r\n",
    ),
    "appledouble": _apple("appledouble"),
    "applefile": _apple("mixed"),
    "nothing in a part": _mixed([b'Content-Type: application/pdf; name="a.pdf"\r\n\r\n']),
    "yenc": _text(b"X: y", b"=ybegin line=128 size=3 name=a.bin\r\nabc\r\n=yend size=3\r\n"),
    "uuencode": _text(b"X: y", b"begin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n"),
    "damaged signature": _text(
        b"Content-Type: application/pkcs7-mime", b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
    ),
    "signed in text": _text(
        b"X: y", b"-----BEGIN PKCS7-----\n" + base64.b64encode(b"\x30\x03\x02\x01\x01") + b"\n-----END"
    ),
    "calendar": _text(
        b"Content-Type: text/calendar; method=REQUEST", b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    ),
    "boundary of blanks": FROM + b'Content-Type: multipart/mixed; boundary=" "\r\n\r\n-- \r\n\r\nx\r\n-- --\r\n',
    "boundary empty": FROM + b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\nx\r\n----\r\n',
    "boundary in a part": _mixed([text_part("x").encode() + b"--bx\r\n--b --\r\n --b\r\n"]),
    "multipart as base64": FROM
    + b"Content-Transfer-Encoding: base64\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    + base64.encodebytes(b"--b\n\nx\n--b--\n"),
}
