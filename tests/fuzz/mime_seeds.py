"""Mails from which fuzzing starts: one of every kind that the reader has code for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.adapters.mime import bounces, senders
from tests.adapters.mime.hostile import small
from tests.adapters.mime.mails import HEAD, PDF, TnefBuilder, attached, leaf, multipart, png, text_part

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "eml"
LONGEST_SEED = 64 * 1024

_RICH = HEAD + multipart(
    "mixed",
    multipart("alternative", text_part("Kính gửi"), text_part('<img src="cid:a">', "html"), boundary="alt"),
    leaf(png(20, 20), "Content-Type: image/png\r\nContent-ID: <a>"),
    attached(PDF, "=?utf-8?B?Q8O0bmc=?= văn.pdf"),
    leaf(TnefBuilder().attach(b"a.pdf", PDF, long="ă.pdf").build(), "Content-Type: application/ms-tnef"),
    "Content-Type: message/rfc822\r\n\r\n" + HEAD + multipart("mixed", attached(PDF, "b.pdf"), boundary="in"),
)

# Words of the formats, which chance would take long to find.
DICTIONARY = (
    b"\r\n\r\n",
    b"--=_a1\r\n",
    b"--=_a1--",
    b"Content-Type: multipart/mixed; boundary=",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"Content-Type: message/delivery-status\r\n\r\n",
    b"Content-Type: message/disposition-notification\r\n\r\n",
    b"Content-Type: text/calendar; method=REQUEST\r\n\r\n",
    b"Content-Type: text/html; charset=",
    b"Content-Type: application/ms-tnef\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Disposition: attachment; filename*0*=utf-8''",
    b"Content-ID: <",
    b"Received: from a (b [1.2.3.4]) by c with ESMTP; ",
    b"Authentication-Results: mx; spf=pass",
    b"DKIM-Signature: d=a.vn; s=k; ",
    b"Return-Path: <>\r\n",
    b"Auto-Submitted: auto-replied\r\n",
    b"X-Failed-Recipients: a@b.vn\r\n",
    b"From: MAILER-DAEMON@a.vn\r\nSubject: failure notice\r\n",
    b"Final-Recipient: rfc822; a@b.vn\r\n",
    b"Action: failed\r\n",
    b"=?utf-8?B?",
    b"=?windows-1258?Q?",
    b"utf-7",
    b"utf-16",
    b"iso-2022-jp",
    b"begin 644 a\n",
    b"-----BEGIN PKCS7-----",
    b"\x78\x9f\x3e\x22",
    b"LZFu",
    b"{\\rtf1\\ansi",
    b"cid:",
    b"<script>",
    b"&#x1ea1;",
)


def seeds() -> Iterator[bytes]:
    """The seeds made in code."""
    yield b""
    yield _RICH.encode()
    for text in (*bounces.ALL.values(), *senders.ALL.values()):
        yield text.encode()
    yield from small().values()


def corpus_seeds() -> Iterator[bytes]:
    """Mails of the shared corpora, where they stand beside the checkout."""
    for path in sorted(CORPUS.rglob("*")):
        if path.suffix in {".msg", ".eml", ".txt"} and 0 < path.stat().st_size <= LONGEST_SEED:
            yield path.read_bytes()
