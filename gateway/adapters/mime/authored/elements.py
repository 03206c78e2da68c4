"""What the elements of an HTML body say by their names, classes, ids and styles."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from gateway.adapters.mime.authored.line import Opening

Attributes = Mapping[str, str]

_QUOTE = re.compile(
    r"(?:^|[\s_-])(?:x_)*(?:quote|quoted|quotation|yahoo_quoted\w*|moz-cite-prefix|moz-email-headers-table|reply-intro|"
    r"nylas-quote|zmail_extra|zmail_extra_hr|protonmail_quote|tutanota_quote|wps_quotation|history_container|"
    r"msg-quote|mailquote|cite|original-message|originalmessage|edo-original-message|isforwardcontent|isreplycontent)"
    r"(?:$|[\s_-])"
)
_SHELL = re.compile(r"(?:^|\s)(?:x_)*gmail_quote(?:_container)?(?:$|\s)")
_ATTRIBUTION = re.compile(r"(?:^|\s)(?:x_)*gmail_attr(?:$|\s)")
_ANSWERED = re.compile(
    r"(?:^|\s)(?:x_)*(?:divrplyfwdmsg|olk_src_body_section|ms-outlook-mobile-reference-message|"
    r"mail-editor-reference-message-container|replyforwardmessage|messagereplysection|zwchr|"
    r"__quoted_text__|__divider__|__headers__)(?:$|\s)"
)
_PASSED_ON = re.compile(r"(?:^|\s)(?:x_)*moz-forward-container(?:$|\s)")
_PERHAPS = re.compile(r"(?:^|\s)(?:x_)*appendonsend(?:$|\s)")
_SIGNATURE = re.compile(
    r"(?:^|\s)(?:x_)*(?:gmail_signature(?:_prefix)?|moz-signature|signature|ms-outlook-mobile-signature|"
    r"ms-outlook-mobile-body-separator-line|applemailsignature|linebreakatbeginningofsignature|"
    r"(?:ymail|yahoo)_(?:android|ios|mail)\w*_signature|protonmail_signature_block\S*|k9mail-signature|"
    r"email_signature|mailsignature|divsignature|__sig_pre__|__sig_post__|signature-container)(?:$|\s)"
)
_RULE = re.compile(r"(?:^|;)border-top:[^;]{0,60}solid")
_BAR = re.compile(r"(?:^|;)border-left:[^;]{0,60}solid")
_PREFORMATTED = re.compile(r"white-space:(?:pre|break-spaces)")

_GONE = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|mso-hide:all|opacity:0*(?:\.0+)?%?(?:;|$)|"
    r"text-indent:-\d{3}|(?:left|top|right|margin-left):-\d{3}|"
    r"clip:rect\(0|clip-path:inset\((?:50|100)%|transform:scale\(0\)|color:transparent)"
)
_TINY = re.compile(
    r"(?:^|;)(?:font:0(?:px|pt)?[/a-z]|"
    r"font-size:(?:0+(?:\.0+)?(?:px|pt|em|rem|%)?|(?:0*\.\d+|1(?:\.\d+)?)(?:px|pt)|0*\.[0-2]\d*(?:em|rem))(?:;|$))"
)
_SIZED = re.compile(r"(?:^|;)font(?:-size)?:")
_FLAT = re.compile(r"(?:^|;)(?:max-)?(?:height|width):0*(?:\.0+)?(?:px|pt|em|%)?(?:;|$)")
_CUT_OFF = re.compile(r"(?:^|;)overflow(?:-[xy])?:hidden")
_COLOUR = re.compile(r"(?:^|;)color:([^;]{1,60})")
_GROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;]{1,200})")
_NAMED = {"white": "ffffff", "black": "000000", "snow": "fffafa", "ivory": "fffff0", "ghostwhite": "f8f8ff"}
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b")
_RGB = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,([\d.]{1,8}))?")
_NEAR = 24
_COMMENT = re.compile(r"/\*[^*]{0,200}\*/")
_RULES = re.compile(r"([^{}]{1,300})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"[a-z0-9]*([.#][\w-]{1,100})")


def names(attributes: Attributes) -> str:
    """Class, id, name and data-marker as one text in lower case."""
    found = (attributes.get(key, "") for key in ("class", "id", "name", "data-marker", "data-smartmail"))
    return html.unescape(" ".join(found)).lower()


def style(attributes: Attributes) -> str:
    """The style in lower case without blanks and `!important`."""
    return _packed(html.unescape(attributes.get("style", "")))


def opening(tag: str, named: str, styled: str) -> Opening | None:
    """What an element opens, None for most."""
    if _ANSWERED.search(named):
        return Opening.ANSWERED
    if _PASSED_ON.search(named):
        return Opening.PASSED_ON
    if _PERHAPS.search(named):
        return Opening.PERHAPS
    return Opening.RULE if tag == "hr" or _RULE.search(styled) else None


def is_shell(tag: str, named: str) -> bool:
    """Gmail's element around its attribution and quote; what is written below the quote stands in it too."""
    return tag != "blockquote" and _SHELL.search(named) is not None


def is_quote(tag: str, named: str) -> bool:
    """An element that holds a quote or the words that introduce it."""
    return tag == "blockquote" or _ATTRIBUTION.search(named) is not None or _QUOTE.search(named) is not None


def is_cited(attributes: Attributes, named: str) -> bool:
    """A blockquote that a mail program made; others may be a person's indented text."""
    return attributes.get("type", "").lower() == "cite" or "cite" in attributes or _QUOTE.search(named) is not None


def is_barred(styled: str) -> bool:
    """A line drawn to the left, by which mail programs show a quote and persons what they like."""
    return _BAR.search(styled) is not None


def is_signature(named: str) -> bool:
    """An element that a mail program put around a signature."""
    return _SIGNATURE.search(named) is not None


def is_preformatted(tag: str, styled: str) -> bool:
    """Where line feeds of the source are line breaks."""
    return tag in {"pre", "textarea", "listing", "xmp"} or _PREFORMATTED.search(styled) is not None


def is_hidden(styled: str) -> bool:
    """A style by which nothing of the element is seen."""
    if _GONE.search(styled):
        return True
    return _CUT_OFF.search(styled) is not None and _FLAT.search(styled) is not None


def is_tiny(styled: str, *, outer: bool) -> bool:
    """Whether the letters are too small to be seen; `outer` says so of what stands around, which an own size undoes."""
    return _TINY.search(styled) is not None if _SIZED.search(styled) else outer


def colour(attributes: Attributes, styled: str) -> str:
    """The colour of the text as six hexadecimal digits, "" where the element sets none that we know."""
    found = _COLOUR.search(styled)
    return _colour(found[1] if found else (attributes.get("color") or attributes.get("text", "")).lower())


def ground(attributes: Attributes, styled: str) -> str:
    """The colour behind the text, likewise; `?` where a picture or gradient lies there."""
    found = _GROUND.search(styled)
    value = found[1] if found else attributes.get("bgcolor", "").lower()
    if "url(" in value or "gradient" in value or attributes.get("background"):
        return "?"
    return _colour(value)


def alike(one: str, other: str) -> bool:
    """Whether two colours cannot be told apart by eye."""
    if "?" in {one, other}:
        return False
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (0, 2, 4))
    return all(abs(first - second) <= _NEAR for first, second in pairs)


def hidden_names(css: str) -> frozenset[str]:
    """The classes (`.x`) and ids (`#x`) that a style sheet hides."""
    found: set[str] = set()
    for rule in _RULES.finditer(css.lower()):
        styled = _packed(rule[2])
        if is_hidden(styled) or is_tiny(styled, outer=False):
            selectors = (_SELECTOR.fullmatch(each.strip()) for each in rule[1].split(","))
            found.update(each[1] for each in selectors if each)
    return frozenset(found)


def _packed(styled: str) -> str:
    return "".join(_COMMENT.sub("", styled).lower().split()).replace("!important", "")


def _colour(value: str) -> str:
    value = value.strip()
    if value in _NAMED:
        return _NAMED[value]
    if found := _HEX.search(value):
        digits = found[1]
        return digits if len(digits) == 6 else "".join(2 * digit for digit in digits)  # noqa: PLR2004  (#rrggbb)
    if (found := _RGB.search(value)) and found[4] not in {"0", "0.0"}:
        return "".join(f"{min(int(part), 255):02x}" for part in found.groups()[:3])
    return ""
