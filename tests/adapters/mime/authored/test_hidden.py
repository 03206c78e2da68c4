"""What an HTML body hides is never new, and what it shows in its own ways is."""

from __future__ import annotations

import pytest

from gateway.model.part import Authored
from tests.adapters.mime.authored.mails import authored

QUOTE = '<blockquote type="cite"><div>Hạn: 01/12/2026</div></blockquote>'

HIDDEN = [
    '<div style="display:/* */none">Duyệt</div>',
    '<div style="display:none">Duyệt</div>',
    '<div style="DISPLAY : NONE !important">Duyệt</div>',
    '<div style="display&#58;none">Duyệt</div>',
    '<span style="display:none"><b>Duyệt</b></span>',
    '<div style="visibility:hidden">Duyệt</div>',
    '<p style="font-size:0">Duyệt</p>',
    '<p style="font-size:0px;line-height:0">Duyệt</p>',
    '<p style="font-size:1px">Duyệt</p>',
    '<p style="font-size:.5pt">Duyệt</p>',
    '<div style="color:#ffffff">Duyệt</div>',
    '<div style="color:white">Duyệt</div>',
    '<font color="#FFFFFF">Duyệt</font>',
    '<div style="color: rgb(255, 255, 255)">Duyệt</div>',
    '<div style="color:#fefefe">Duyệt</div>',
    '<table bgcolor="#000080"><tr><td><font color="#000080">Duyệt</font></td></tr></table>',
    '<div style="background:#000"><div>Duyệt</div></div>',
    '<div style="mso-hide:all">Duyệt</div>',
    "<div hidden>Duyệt</div>",
    "<div hidden=until-found>Duyệt</div>",
    '<div style="max-height:0;overflow:hidden">Duyệt</div>',
    '<div style="overflow:hidden;width:0px">Duyệt</div>',
    '<div style="opacity:0">Duyệt</div>',
    '<div style="text-indent:-9999px">Duyệt</div>',
    '<div style="position:absolute;left:-5000px">Duyệt</div>',
    '<div style="color:transparent">Duyệt</div>',
    "<style>.preview{display:none}</style><div class=preview>Duyệt</div>",
    "<style>div.a, #b {font-size:0}</style><div id=b>Duyệt</div>",
    "<!-- Duyệt -->",
    "<!--[if mso]><p>Duyệt</p><![endif]-->",
    "<title>Duyệt</title>",
    "<script>Duyệt</script>",
    "<template><p>Duyệt</p></template>",
    '<div title="a > Duyệt">&nbsp;</div>',
    "<div title='\"> Duyệt'>&nbsp;</div>",
]


@pytest.mark.parametrize("hidden", HIDDEN, ids=range(len(HIDDEN)))
@pytest.mark.parametrize("place", ["above", "below", "within", "alone"])
def test_what_is_not_seen_is_not_new(hidden: str, place: str) -> None:
    shown = "<p>Đồng ý</p>"
    bodies = {
        "above": f"{hidden}{shown}{QUOTE}",
        "below": f"{shown}{QUOTE}{hidden}",
        "within": f"<div>{shown}{hidden}</div>{QUOTE}",
        "alone": f"{hidden}{QUOTE}",
    }
    assert authored(html=bodies[place]) == Authored("" if place == "alone" else "Đồng ý", quotes=True)


SHOWN = [
    ('<div style="font-size:0"><p style="font-size:13px">Duyệt</p></div>', "Duyệt"),
    ("<p>Duyệt</p>", "Duyệt"),
    ("<p>Du<b>yệt</b></p>", "Duyệt"),
    ("<p>Duy\u200bệ\u00adt\ufeff</p>", "Duyệt"),
    ("<p>\u202eDuyệt\u202c</p>", "Duyệt"),
    ("<p>Duye\u0323\u0302t</p>", "Duyệt"),
    ("<div>Duyệt<br>Hạn: 5/12</div>", "Duyệt\nHạn: 5/12"),
    ("<pre>Duyệt\nHạn: 5/12</pre>", "Duyệt\nHạn: 5/12"),
    ('<div style="white-space: pre-wrap">Duyệt\nHạn: 5/12</div>', "Duyệt\nHạn: 5/12"),
    ("<p>Chủ trì:\n   Phòng&nbsp;A</p>", "Chủ trì: Phòng A"),
    ("<p>Duyệt&#8232;Hạn: 5/12</p>", "Duyệt\nHạn: 5/12"),
    ('<p style="background:#123456;color:#fff">Duyệt</p>', "Duyệt"),
    ('<table bgcolor="#003366"><tr><td style="color:white">Duyệt</td></tr></table>', "Duyệt"),
    ('<p style="font-size:0.8em">Duyệt</p>', "Duyệt"),
    ('<p style="font-size:10pt;line-height:0">Duyệt</p>', "Duyệt"),
    ("<p>Duyệt<p>Hạn: 5/12", "Duyệt\nHạn: 5/12"),
    ("<ul><li>Duyệt<li>Hạn: 5/12</ul>", "Duyệt\nHạn: 5/12"),
    ("<p hidden>x<p>Duyệt</p>", "Duyệt"),
    ("<p>5 < 6 và a<b</p>", "5 < 6 và a"),
    ("<DIV>Duyệt</DIV>", "Duyệt"),
    ("Duyệt", "Duyệt"),
]


@pytest.mark.parametrize(("source", "text"), SHOWN, ids=range(len(SHOWN)))
def test_what_is_seen_is_new(source: str, text: str) -> None:
    assert authored(html=f"{source}{QUOTE}").text == text


@pytest.mark.parametrize(
    "source",
    [
        "<blockquote type=cite><table><tr><td></blockquote>Duyệt</td></tr></table>Duyệt</blockquote>",
        "<blockquote type=cite><div></p></div></span>Duyệt</blockquote>",
        "<blockquote type=cite><b>Từ:</b> A<br><b>Đã gửi:</b> B<br><b>Chủ đề:</b> C<br>Duyệt</blockquote>",
        '<div class="x_gmail_quote"><blockquote>Duyệt</blockquote></div>',
        '<div class="yahoo_quoted" id="yahoo_quoted_1"><div>Duyệt</div></div>',
        '<div id="x_x_divRplyFwdMsg">Từ: A</div><div>Duyệt</div>',
        '<div id="OLK_SRC_BODY_SECTION">Duyệt</div>',
        '<hr id="zwchr"><div>Duyệt</div>',
        '<div class="protonmail_quote">Duyệt</div>',
        "<blockquote type=cite>Duyệt",
    ],
    ids=str,
)
def test_a_quote_is_one_whatever_stands_in_it(source: str) -> None:
    new = authored(html=f"<p>Đồng ý</p>{source}")
    assert (new.text, new.quotes) == ("Đồng ý", True)
