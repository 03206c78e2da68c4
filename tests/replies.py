"""Replies as the usual mail programs write them, around whatever mail is answered."""

from __future__ import annotations

import email
import email.policy
import html as markup
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses, parsedate_to_datetime
from functools import lru_cache

from gateway.clock import local
from tests.records import MORNING

_DAYS = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Chủ nhật")


@dataclass(frozen=True)
class Old:
    """The mail that is answered."""

    name: str
    address: str
    to: str
    at: datetime
    subject: str
    text: str
    html: str
    message_id: str
    references: str
    answer_to: str


@dataclass(frozen=True)
class New:
    """What is written, and how: `vi` in a Vietnamese program, `below` the quote, `forwards` instead of answering."""

    text: str
    author: str
    vi: bool
    below: bool
    forwards: bool

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")


@dataclass(frozen=True)
class Body:
    """Both alternatives as the program makes them, and the parameters of its text/plain."""

    text: str
    html: str
    flowed: bool = False


Program = Callable[[New, Old], Body]


def reply(
    client: str,
    *,
    to: bytes,
    text: str,
    author: str,
    subject: str | None = None,
    date: datetime = MORNING + timedelta(hours=2),
    message_id: str = "<tra-loi-1@may-tinh.example>",
    language: str = "vi",
    html: bool | None = None,
    position: str = "top",
    forwards: bool = False,
) -> bytes:
    """A whole reply (RFC 5322) of `author` (an address, with a name or without) to the raw mail `to`.

    `text` are the lines newly written. `html` adds or leaves out the HTML alternative, None does as the program does
    by itself. `position` is `top` or `bottom`. `forwards` makes it a mail passed on to somebody else.
    """
    old = _old(to)
    new = New(text, author, language == "vi", position == "bottom", forwards)
    body = _PROGRAMS[client](new, old)
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = author
    message["To"] = "Phòng khác <phong-khac@agency.example>" if forwards else old.answer_to
    message["Subject"] = _subject(client, new, old) if subject is None else subject
    message["Date"] = format_datetime(local(date))
    message["Message-ID"] = message_id
    message["In-Reply-To"] = old.message_id
    message["References"] = f"{old.references} {old.message_id}".strip()
    with_html = client not in _PLAIN_BY_DEFAULT if html is None else html
    encoding = "base64" if client in _BASE64 else "quoted-printable"
    params = {"format": "flowed"} if body.flowed else None
    message.set_content(body.text, cte=encoding, params=params)
    if with_html:
        message.add_alternative(body.html, subtype="html", cte=encoding)
    return message.as_bytes()


@lru_cache(maxsize=64)
def _old(raw: bytes) -> Old:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    text = str(plain.get_content()).replace("\r\n", "\n").strip("\n") if plain else ""
    name, address = getaddresses([str(message["From"])])[0]
    return Old(
        name=name or address,
        address=address,
        to=str(message["To"]),
        at=local(parsedate_to_datetime(str(message["Date"]))),
        subject=str(message["Subject"]),
        text=text,
        html=_inner(str(rich.get_content())) if rich else _divs(text),
        message_id=str(message["Message-ID"]).strip(),
        references=str(message["References"] or "").strip(),
        answer_to=str(message["Reply-To"] or message["From"]),
    )


def _inner(page: str) -> str:
    """What stands in the body of a page: programs quote that."""
    lower = page.lower()
    begun = lower.find("<body")
    if begun < 0:
        return page
    begun = lower.index(">", begun) + 1
    end = lower.rfind("</body")
    return page[begun : end if end >= 0 else len(page)]


def _subject(client: str, new: New, old: Old) -> str:
    answers = {"outlook": "TL: ", "outlook-web": "Trả lời: "}.get(client, "Re: ") if new.vi else "Re: "
    passes_on = {"outlook": "CT: ", "outlook-web": "Chuyển tiếp: "}.get(client, "Fwd: ") if new.vi else "Fwd: "
    prefix = passes_on if new.forwards else answers
    return old.subject if old.subject.startswith(prefix) else f"{prefix}{old.subject}"


def _e(text: str) -> str:
    return markup.escape(text, quote=False)


def _divs(text: str) -> str:
    return "".join(f"<div>{_e(line) or '<br>'}</div>" for line in text.split("\n"))


def _breaks(text: str) -> str:
    return "<br>\n".join(map(_e, text.split("\n")))


def _paragraphs(text: str, style: str = "") -> str:
    return "".join(f"<p{style}>{_e(line) or '&nbsp;'}</p>\n" for line in text.split("\n"))


def _marked(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def _around(new: str, quote: str, *, below: bool, between: str = "\n\n") -> str:
    return f"{quote}{between}{new}\n" if below else f"{new}{between}{quote}\n"


def _date_mail(at: datetime, *, vi: bool) -> str:
    """`23 thg 11, 2026`, `Nov 23, 2026`."""
    return f"{at.day} thg {at.month}, {at.year}" if vi else f"{at:%b} {at.day}, {at.year}"


def _header(old: Old, *, vi: bool, labels: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """The header lines of the mail answered as Outlook prints them."""
    day = f"Thứ {_DAYS[old.at.weekday()]}, {old.at.day} Tháng {old.at.month}, {old.at.year} {old.at:%H:%M}"
    sent = day if vi else f"{old.at:%A, %B} {old.at.day}, {old.at.year} {old.at:%I:%M %p}"
    names = labels or (
        {"from": "Từ", "sent": "Đã gửi", "to": "Tới", "subject": "Chủ đề"}
        if vi
        else {"from": "From", "sent": "Sent", "to": "To", "subject": "Subject"}
    )
    values = {"from": f"{old.name} <{old.address}>", "sent": sent, "to": old.to, "subject": old.subject}
    return [(names[key], values[key]) for key in names]


def _header_text(head: list[tuple[str, str]]) -> str:
    return "\n".join(f"{label}: {value}" for label, value in head)


def _header_html(head: list[tuple[str, str]]) -> str:
    return "<br>\n".join(f"<b>{label}:</b> {_e(value)}" for label, value in head)


def _outlook(new: New, old: Old) -> Body:
    head = _header(old, vi=new.vi)
    style = ' class="MsoNormal"'
    written = _paragraphs(new.text, style)
    quote = (
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in">'
        f'<p class="MsoNormal">{_header_html(head)}<o:p></o:p></p></div></div>\n'
        f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p>{old.html}'
    )
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv="Content-Type" '
        'content="text/html; charset=utf-8"><style><!-- p.MsoNormal {margin:0in; font-size:11.0pt;} --></style></head>'
        f'<body lang="VI" link="#0563C1"><div class="WordSection1">{_around(written, quote, below=new.below)}</div>'
        "</body></html>"
    )
    return Body(_around(new.text, f"{_header_text(head)}\n\n{old.text}", below=new.below), page)


def _outlook_plain(new: New, old: Old) -> Body:
    line = "-----Thư gốc-----" if new.vi else "-----Original Message-----"
    quote = f"{line}\n{_header_text(_header(old, vi=new.vi))}\n\n{old.text}"
    text = _around(new.text, quote, below=new.below)
    return Body(text, f"<html><body>{_breaks(text)}</body></html>")


def _outlook_web(new: New, old: Old) -> Body:
    labels = {"from": "Từ", "sent": "Đã gửi", "to": "Đến", "subject": "Tiêu đề"} if new.vi else None
    head = _header(old, vi=new.vi, labels=labels)
    style = ' style="font-family: Calibri, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);"'
    written = "".join(f'<div class="elementToProof"{style}>{_e(line) or "<br>"}</div>' for line in new.lines)
    quote = (
        '<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1">'
        '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">'
        f"{_header_html(head)}</font><div>&nbsp;</div></div>{old.html}"
    )
    text = _around(new.text, f"{'_' * 32}\n{_header_text(head)}\n\n{old.text}", below=new.below)
    return Body(text, f'<html><body dir="ltr">{_around(written, quote, below=new.below)}</body></html>')


def _outlook_phone(new: New, old: Old) -> Body:
    head = _header(old, vi=new.vi)
    advert = ("Tải ", "Outlook dành cho iOS") if new.vi else ("Get ", "Outlook for iOS")
    link = "https://aka.ms/o0ukef"
    quote = (
        f'<div id="ms-outlook-mobile-signature"><div><br></div>{advert[0]}<a href="{link}">{advert[1]}</a></div>'
        '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="mail-editor-reference-message-container">'
        f'<div id="x_divRplyFwdMsg" dir="ltr">{_header_html(head)}<div>&nbsp;</div></div>{old.html}</div>'
    )
    written = "".join(f'<div dir="ltr">{_e(line) or "<br>"}</div>' for line in new.lines)
    told = f"{advert[0]}{advert[1]}<{link}>\n{'_' * 32}\n{_header_text(head)}\n\n{old.text}"
    return Body(
        _around(new.text, told, below=new.below),
        f"<html><body>{_around(written, quote, below=new.below)}</body></html>",
    )


def _gmail_like(new: New, old: Old, attribution: str) -> Body:
    if new.forwards:
        line = "---------- Thư đã chuyển tiếp ---------" if new.vi else "---------- Forwarded message ---------"
        names = ("Từ", "Date", "Subject", "To")
        values = (f"{old.name} <{old.address}>", f"{old.at:%d/%m/%Y %H:%M}", old.subject, old.to)
        head = [f"{name}: {value}" for name, value in zip(names, values, strict=True)]
        quote = f"{line}\n" + "\n".join(head) + f"\n\n\n{old.text}"
        inner = f"{line}<br>{'<br>'.join(map(_e, head))}<br></div><br><br>{old.html}"
        rich = f'<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{inner}</div>'
        return Body(f"{new.text}\n\n{quote}\n", f'<div dir="ltr">{_divs(new.text)}</div>{rich}')
    cited = (
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);'
        f'padding-left:1ex">{old.html}</blockquote>'
    )
    below = f"<div><br></div>{_divs(new.text)}" if new.below else ""
    above = "" if new.below else f'<div dir="ltr">{_divs(new.text)}</div><br>'
    rich = (
        f'{above}<div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f"{_e(attribution)}<br></div>{cited}{below}</div>"
    )
    return Body(_around(new.text, f"{attribution}\n\n{_marked(old.text)}", below=new.below), rich)


def _gmail(new: New, old: Old) -> Body:
    who = f"{old.name} <{old.address}>"
    if new.vi:
        day = "CN" if old.at.weekday() == 6 else f"Th {old.at.weekday() + 2}"
        return _gmail_like(new, old, f"Vào {day}, {_date_mail(old.at, vi=True)} vào lúc {old.at:%H:%M} {who} đã viết:")
    return _gmail_like(new, old, f"On {old.at:%a}, {_date_mail(old.at, vi=False)} at {old.at:%I:%M %p} {who} wrote:")


def _gmail_phone(new: New, old: Old) -> Body:
    who = f"{old.name} <{old.address}>"
    if new.vi:
        day = "CN" if old.at.weekday() == 6 else f"T.{old.at.weekday() + 2}"
        told = f"Vào {old.at:%H:%M}, {day}, {_date_mail(old.at, vi=True)}\n{who} đã viết:"
        return _gmail_like(new, old, told)
    return _gmail_like(new, old, f"On {old.at:%a}, {_date_mail(old.at, vi=False)}, {old.at:%H:%M}\n{who} wrote:")


def _apple(new: New, old: Old, device: str = "") -> Body:
    who = f"{old.name} <{old.address}>"
    footer = f"\n\n{device}" if device else ""
    rich_footer = f'<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{device}</div>' if device else ""
    if new.forwards:
        line = "Bắt đầu thư được chuyển tiếp:" if new.vi else "Begin forwarded message:"
        head = _header(old, vi=new.vi)
        quote = f"{line}\n\n{_header_text(head)}\n\n{old.text}"
        cited = f"<div>{line}</div><br class='Apple-interchange-newline'>{_header_html(head)}<br><br>{old.html}"
        rich = f'{_divs(new.text)}{rich_footer}<div><br><blockquote type="cite">{cited}</blockquote></div>'
        return Body(f"{new.text}{footer}\n\n{_marked(quote)}\n", f"<html><body>{rich}</body></html>")
    told = (
        f"Vào {_date_mail(old.at, vi=True)}, lúc {old.at:%H:%M}, {who} đã viết:"
        if new.vi
        else f"On {old.at.day} {old.at:%b %Y}, at {old.at:%H:%M}, {who} wrote:"
    )
    cited = (
        f'<div dir="ltr"><br><blockquote type="cite">{_e(told)}<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">{old.html}</div></blockquote>'
    )
    written = f"{_divs(new.text)}{rich_footer}"
    return Body(
        _around(f"{new.text}{footer}", f"{told}\n\n{_marked(old.text)}", below=new.below),
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">'
        f"{_around(written, cited, below=new.below)}</body></html>",
    )


def _iphone(new: New, old: Old) -> Body:
    return _apple(new, old, "Đã gửi từ iPhone của tôi" if new.vi else "Sent from my iPhone")


def _thunderbird(new: New, old: Old) -> Body:
    if new.forwards:
        line = "-------- Thư đã chuyển tiếp --------" if new.vi else "-------- Forwarded Message --------"
        head = _header(old, vi=new.vi)
        rich = (
            f'{_paragraphs(new.text)}<div class="moz-forward-container"><br><br>{line}'
            f'<table class="moz-email-headers-table"><tbody>'
            + "".join(f"<tr><th>{label}: </th><td>{_e(value)}</td></tr>" for label, value in head)
            + f"</tbody></table><br><br>{old.html}</div>"
        )
        return Body(f"{new.text}\n\n\n{line}\n{_header_text(head)}\n\n{old.text}\n", rich, flowed=True)
    told = (
        f"Vào {old.at:%d/%m/%Y %H:%M}, {old.name} đã viết:"
        if new.vi
        else f"On {old.at:%m/%d/%y %H:%M}, {old.name} wrote:"
    )
    rich_quote = (
        f'<div class="moz-cite-prefix">{_e(told)}<br></div>'
        f'<blockquote type="cite" cite="mid:{_e(old.message_id.strip("<>"))}">{old.html}</blockquote>'
    )
    written = _paragraphs(new.text)
    text = _around(new.text, f"{told}\n{_marked(old.text)}", below=new.below)
    page = f"<!DOCTYPE html><html><head></head><body>{_around(written, rich_quote, below=new.below)}</body></html>"
    return Body(text, page, flowed=True)


def _k9(new: New, old: Old) -> Body:
    who = f"{old.name} <{old.address}>"
    told = (
        f"Vào {old.at:%H:%M:%S} GMT+07:00, {old.at.day} tháng {old.at.month}, {old.at.year}, {who} đã viết:"
        if new.vi
        else f"On {old.at:%B} {old.at.day}, {old.at.year} {old.at:%I:%M:%S %p} GMT+07:00, {who} wrote:"
    )
    bar = "margin: 0pt 0pt 0pt 0.8ex; border-left: 1px solid rgb(204, 204, 204); padding-left: 1ex;"
    quote = (
        f'<br><br><div class="gmail_quote"><div dir="auto">{_e(told)}</div>'
        f'<blockquote class="gmail_quote" style="{bar}">{old.html}</blockquote></div>'
    )
    written = f'<div dir="auto">{_breaks(new.text)}</div>'
    return Body(
        _around(new.text, f"{told}\n{_marked(old.text)}", below=new.below),
        f"<!DOCTYPE html><html><body>{_around(written, quote, below=new.below)}</body></html>",
    )


def _fairemail(new: New, old: Old) -> Body:
    told = (
        f"{old.at:%d-%m-%Y} {old.at:%H:%M} {old.name} <{old.address}> đã viết:"
        if new.vi
        else f"{old.at:%b} {old.at.day}, {old.at.year} {old.at:%I:%M:%S %p} {old.name} <{old.address}>:"
    )
    quote = (
        f'<div fairemail="reference"><p>{_e(told)}</p><blockquote type="cite" style="margin:0;padding-left:8px;'
        f'border-left:3px solid #ccc">{old.html}</blockquote></div>'
    )
    return Body(
        _around(new.text, f"{told}\n\n{_marked(old.text)}", below=new.below),
        f"<html><body>{_around(_paragraphs(new.text), quote, below=new.below)}</body></html>",
    )


def _samsung(new: New, old: Old) -> Body:
    device = "Được gửi từ thiết bị Galaxy của tôi" if new.vi else "Sent from my Galaxy"
    line = "-------- Tin nhắn gốc --------" if new.vi else "-------- Original message --------"
    labels = {"from": "Từ", "sent": "Ngày", "to": "Đến", "subject": "Chủ đề"} if new.vi else None
    head = _header(old, vi=new.vi, labels=labels)
    quote = (
        f'<div id="composer_signature" dir="auto"><div>{device}</div></div><div><br></div>'
        f'<div align="left" dir="auto" style="font-size:100%;color:#000000"><div>{line}</div>'
        + "".join(f"<div>{label}: {_e(value)} </div>" for label, value in head)
        + f"<div><br></div></div>{old.html}"
    )
    text = _around(new.text, f"{device}\n\n{line}\n{_header_text(head)}\n\n{old.text}", below=new.below)
    return Body(text, f'<html><body dir="auto">{_around(_divs(new.text), quote, below=new.below)}</body></html>')


def _zimbra(new: New, old: Old) -> Body:
    labels = {"from": "Từ", "to": "Tới", "sent": "Đã gửi", "subject": "Chủ đề"} if new.vi else None
    head = _header(old, vi=new.vi, labels=labels)
    line = "----- Thư gốc -----" if new.vi else "----- Original Message -----"
    quote = (
        '<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">'
        + "".join(f"<b>{label}: </b>{_e(value)}<br>" for label, value in head)
        + f'</div><div data-marker="__QUOTED_TEXT__">{old.html}</div>'
    )
    font = "font-family: arial, helvetica, sans-serif; font-size: 12pt; color: #000000"
    text = _around(new.text, f"{line}\n{_header_text(head)}\n\n{old.text}", below=new.below)
    return Body(
        text,
        f'<html><body><div style="{font}">{_around(_divs(new.text), quote, below=new.below)}</div></body></html>',
    )


def _roundcube(new: New, old: Old) -> Body:
    told = (
        f"Vào {old.at:%Y-%m-%d %H:%M}, {old.name} đã viết:"
        if new.vi
        else f"On {old.at:%Y-%m-%d %H:%M}, {old.name} wrote:"
    )
    quote = (
        f'<p id="reply-intro">{_e(told)}</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px '
        f'solid; margin: 0"><div id="replybody1"><div class="pre">{old.html}</div></div></blockquote>'
    )
    text = _around(new.text, f"{told}\n{_marked(old.text)}", below=new.below)
    return Body(text, f"<html><body>{_around(_paragraphs(new.text), quote, below=new.below)}</body></html>")


def _yahoo(new: New, old: Old) -> Body:
    day = f"Thứ {_DAYS[old.at.weekday()]}, {old.at.day} tháng {old.at.month}, {old.at.year} lúc {old.at:%H:%M:%S} GMT+7"
    who = f"{old.name} <{old.address}>"
    told = (
        f"Vào {day}, {who} đã viết:"
        if new.vi
        else f"On {old.at:%A, %B} {old.at.day}, {old.at.year} at {old.at:%I:%M:%S %p} GMT+7, {who} wrote:"
    )
    quote = (
        '<div id="ydp1a2b3cyahoo_quoted_0042" class="ydp1a2b3cyahoo_quoted"><div style="font-size:13px;color:#26282a;">'
        f"<div>{_e(told)}</div><div><br></div><div>{old.html}</div></div></div>"
    )
    indented = "\n".join(f"    {line}" for line in old.text.split("\n"))
    written = "".join(f'<div dir="ltr" data-setdir="false">{_e(line) or "<br>"}</div>' for line in new.lines)
    text = _around(new.text, f"{told}\n\n{indented}", below=new.below)
    page = f'<div class="ydp1a2b3cyahoo-style-wrap">{_around(written, quote, below=new.below)}</div>'
    return Body(text, f"<html><body>{page}</body></html>")


def _mailspring(new: New, old: Old) -> Body:
    who = f"{old.name} <{old.address}>"
    told = (
        f"Vào {_date_mail(old.at, vi=True)} lúc {old.at:%H:%M}, {who} đã viết:"
        if new.vi
        else f"On {old.at:%b} {old.at.day} {old.at.year}, at {old.at:%I:%M %p}, {who} wrote:"
    )
    quote = f'<div class="gmail_quote_attribution">{_e(told)}</div><blockquote>{old.html}</blockquote>'
    quote = f'<br><signature id="local-1"></signature><div class="gmail_quote nylas-quote">{quote}</div>'
    text = _around(new.text, f"{told}\n{_marked(old.text)}", below=new.below)
    return Body(text, f"{_around(_divs(new.text), quote, below=new.below)}")


def _unknown(new: New, old: Old) -> Body:
    text = _around(new.text, _marked(old.text), below=new.below)
    return Body(text, f"<html><body><pre>{_e(text)}</pre></body></html>")


_PROGRAMS: Mapping[str, Program] = {
    "outlook": _outlook,
    "outlook-plain": _outlook_plain,
    "outlook-web": _outlook_web,
    "outlook-phone": _outlook_phone,
    "gmail": _gmail,
    "gmail-phone": _gmail_phone,
    "apple": _apple,
    "iphone": _iphone,
    "thunderbird": _thunderbird,
    "k9": _k9,
    "fairemail": _fairemail,
    "samsung": _samsung,
    "zimbra": _zimbra,
    "roundcube": _roundcube,
    "yahoo": _yahoo,
    "mailspring": _mailspring,
    "unknown": _unknown,
}
_PLAIN_BY_DEFAULT = frozenset({"outlook-plain", "unknown"})
_BASE64 = frozenset({"outlook-web", "gmail-phone", "samsung", "yahoo"})

CLIENTS: tuple[str, ...] = tuple(_PROGRAMS)
"""The programs by name."""

MARKING: tuple[str, ...] = (
    "gmail", "gmail-phone", "apple", "iphone", "thunderbird", "k9", "fairemail", "roundcube", "mailspring", "unknown",
)  # fmt: skip
"""Those that mark what they quote, so that it can be told what stands below it."""

FORWARDING: tuple[str, ...] = ("outlook", "outlook-web", "gmail", "apple", "iphone", "thunderbird")
"""Those with a form of their own for mail passed on, or a subject that says so."""
