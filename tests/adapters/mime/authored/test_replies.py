"""Replies as they come, by hand: new text, what is quoted, and where the two cannot be told apart."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gateway.model.part import Authored
from gateway.model.wording import SEPARATOR
from tests.adapters.mime.authored.mails import authored

SEPARATED = f"{SEPARATOR}\n\nDuyệt\nHạn: 01/12/2026"
GMAIL_VI = "Vào Th 2, 23 thg 11, 2026 vào lúc 09:15 Văn thư Sở <sgtvt@quangngai.gov.vn> đã viết:"
GMAIL_EN = "On Mon, Nov 23, 2026 at 9:15 AM Văn thư Sở <sgtvt@quangngai.gov.vn> wrote:"
WRAPPED_IN_ADDRESS = GMAIL_VI.replace("<", "<\n")
WRAPPED_BEFORE_VERB = GMAIL_VI.replace(" đã", "\nđã")
WRAPPED_IN_THREE = GMAIL_EN.replace(" at", "\nat").replace(" wr", "\nwr")
HARD_SEPARATOR = SEPARATOR.replace(" ", "\xa0")
WRAPPED_SEPARATOR = SEPARATOR.replace(" / ", " /\n")
HEAD_VI = (
    "Từ: Văn thư Sở <sgtvt@quangngai.gov.vn>\nĐã gửi: Thứ Hai, 23 Tháng Mười Một 2026 9:15 SA\nTới: A\nChủ đề: Công văn"
)
HEAD_EN = "From: Văn thư Sở <sgtvt@quangngai.gov.vn>\nSent: Monday, November 23, 2026 9:15 AM\nTo: A\nSubject: Công văn"
OLD = "> Duyệt\n> Hạn: 01/12/2026"
CITED = '<blockquote type="cite"><div>Duyệt</div><div>Hạn: 01/12/2026</div></blockquote>'
DISCLAIMER_VI = (
    "Lưu ý: Thư này và các tệp đính kèm có thể chứa thông tin bảo mật, chỉ dành cho người nhận được chỉ định. "
    "Nếu nhận nhầm, xin thông báo cho người gửi và xóa thư."
)
DISCLAIMER_EN = (
    "This e-mail and any attachments are confidential and intended solely for the use of the individual to whom it is\n"
    "addressed. If you have received this e-mail in error please notify the sender and delete it\nat once."
)


@dataclass(frozen=True)
class Case:
    """A mail of these bodies, and what is to be read in it."""

    name: str
    text: str = ""
    html: str = ""
    new: str = "Đồng ý"
    certain: bool = True
    quotes: bool = True
    forwarded: bool = False
    subject: str = "Re: x"
    flowed: bool = False
    delsp: bool = False


CASES = [
    Case("no quote at all", "Đồng ý\nHạn: 15/12/2026\n", new="Đồng ý\nHạn: 15/12/2026", quotes=False),
    Case("an empty mail", "\n", new="", quotes=False),
    Case("gmail in Vietnamese", f"Đồng ý\n\n{GMAIL_VI}\n\n{OLD}\n"),
    Case("gmail in English", f"Đồng ý\n\n{GMAIL_EN}\n\n{OLD}\n"),
    Case("an attribution wrapped in its address", f"Đồng ý\n\n{WRAPPED_IN_ADDRESS}\n\n{OLD}\n"),
    Case("an attribution wrapped before its verb", f"Đồng ý\n\n{WRAPPED_BEFORE_VERB}\n\n{OLD}\n"),
    Case("an attribution wrapped in three", f"Đồng ý\n\n{WRAPPED_IN_THREE}\n\n{OLD}\n"),
    Case("old gmail without a verb", f"Đồng ý\n\n2026-11-23 9:15 GMT+07:00 Văn thư <a@b.vn>:\n\n{OLD}\n"),
    Case("gmail on a telephone", f"Đồng ý\n\nVào 09:15, T.2, 23 thg 11, 2026 X <a@b.vn> đã viết:\n\n{OLD}\n"),
    Case("apple in Vietnamese", f"Đồng ý\n\nVào 23 thg 11, 2026, lúc 09:15, X <a@b.vn> đã viết:\n\n{OLD}\n"),
    Case("apple in English", f"Đồng ý\n\n> On 23 Nov 2026, at 09:15, X <a@b.vn> wrote:\n> \n{OLD}\n"),
    Case(
        "an iPhone",
        f"Đồng ý\n\nĐã gửi từ iPhone của tôi\n\n> Vào 23 thg 11, 2026, lúc 09:15, X đã viết:\n> \n> \ufeff\n{OLD}\n",
    ),
    Case("thunderbird in Vietnamese", f"Đồng ý\n\nVào 23/11/2026 09:15, X đã viết:\n{OLD}\n"),
    Case("thunderbird in English", f"Đồng ý\n\nOn 11/23/26 09:15, X wrote:\n{OLD}\n"),
    Case("thunderbird below", f"On 11/23/26 09:15, X wrote:\n{OLD}\n\nĐồng ý\n"),
    Case(
        "thunderbird below with a signature", f"On 11/23/26 09:15, X wrote:\n{OLD}\n\nĐồng ý\n\n-- \nDuyệt\nPhòng A\n"
    ),
    Case("roundcube", f"Đồng ý\n\nVào 2026-11-23 09:15, X đã viết:\n{OLD}\n"),
    Case("an attribution with the time after the verb", f"Đồng ý\n\nX đã viết vào 23/11/2026 09:15:\n{OLD}\n"),
    Case("an attribution in French", f"Đồng ý\n\nLe lun. 23 nov. 2026 à 09:15, X <a@b.vn> a écrit :\n\n{OLD}\n"),
    Case("an attribution in a language unknown", f"Đồng ý\n\n2026-11-23 09:15, X <a@b.vn> kirjutas:\n\n{OLD}\n"),
    Case("marks without attribution", f"Đồng ý\n\n{OLD}\n"),
    Case("marks without attribution, below", f"{OLD}\n\nĐồng ý\n"),
    Case("marks with initials", "Đồng ý\n\nNVA> Duyệt\nNVA> Hạn: 01/12/2026\n"),
    Case("indented marks", "Đồng ý\n\n  > Duyệt\n  > Hạn: 01/12/2026\n"),
    Case("wide marks", "Đồng ý\n\n＞ Duyệt\n"),
    Case("marks behind invisible characters", "Đồng ý\n\n\u200b> Duyệt\n\ufeff\u2060> Hạn: 5/12\n"),
    Case(
        "quoted line breaks that are none of ours",
        "Đồng ý\u2028Hạn: 15/12/2026\x85Hết\n\n" + OLD,
        new="Đồng ý\nHạn: 15/12/2026\nHết",
    ),
    Case("a form feed and a vertical tab", f"Đồng ý\fA\vB\n\n{OLD}\n", new="Đồng ý\nA\nB"),
    Case("outlook in Vietnamese", f"Đồng ý\n\n{HEAD_VI}\n\nDuyệt\n"),
    Case("outlook in English", f"Đồng ý\n\n{HEAD_EN}\n\nDuyệt\n"),
    Case("outlook with the original line", f"Đồng ý\n\n-----Original Message-----\n{HEAD_EN}\n\nDuyệt\n"),
    Case("outlook with the original line in Vietnamese", f"Đồng ý\n\n-----Tin nhắn gốc-----\n{HEAD_VI}\n\nDuyệt\n"),
    Case("outlook in another order", "Đồng ý\n\nĐã gửi: Thứ Hai 23/11/2026\nTừ: X\nĐến: Y\nTiêu đề: Z\n\nDuyệt\n"),
    Case("outlook in bold", "Đồng ý\n\n*From:* X <a@b.vn>\n*Sent:* Monday\n*To:* Y\n*Subject:* Z\n\nDuyệt\n"),
    Case("outlook with blanks before the colon", "Đồng ý\n\nTừ : X\nĐã gửi : nay\nĐến : Y\nChủ đề : Z\n\nDuyệt\n"),
    Case("outlook with blank lines in the header", "Đồng ý\n\nTừ: X\n\nĐã gửi: nay\n\nĐến: Y\n\nChủ đề: Z\n\nDuyệt\n"),
    Case("outlook on the web", f"Đồng ý\n\n{'_' * 32}\n{HEAD_VI}\n\nDuyệt\n"),
    Case(
        "outlook on a telephone",
        f"Đồng ý\n\nTải Outlook dành cho iOS<https://aka.ms/o0ukef>\n{'_' * 32}\n{HEAD_VI}\n\nDuyệt\n",
    ),
    Case(
        "outlook for android", f"Đồng ý\n\nGet Outlook for Android<https://aka.ms/x>\n{'_' * 32}\n{HEAD_EN}\n\nDuyệt\n"
    ),
    Case("a header of two lines", "Đồng ý\n\nTừ: X <a@b.vn>\nNgày: 23/11/2026\n\nDuyệt\n"),
    Case("lotus notes", "Đồng ý\n\n-----X <a@b.vn> wrote: -----\nTo: Y\nFrom: X\nSubject: z\n\nDuyệt\n"),
    Case("samsung", "Đồng ý\n\n-------- Tin nhắn gốc --------\nTừ: X <a@b.vn>\nNgày: 23/11/26 09:15\n\nDuyệt\n"),
    Case("zimbra", "Đồng ý\n\n----- Thư gốc -----\nTừ: X\nTới: Y\nĐã gửi: 23/11/2026\nChủ đề: Z\n\nDuyệt\n"),
    Case("an unknown line between dashes and marks", f"Đồng ý\n\n----- Alkuperäinen viesti -----\n{OLD}\n"),
    Case("our separator alone", f"Đồng ý\n\n{SEPARATED}\n"),
    Case("our separator marked", f"Đồng ý\n> {SEPARATOR}\n> Duyệt\n"),
    Case("our separator with hard blanks", f"Đồng ý\n{HARD_SEPARATOR}\nDuyệt\n"),
    Case("our separator wrapped", f"Đồng ý\n{WRAPPED_SEPARATOR}\nDuyệt\n"),
    Case("our separator wrapped and half marked", f"Đồng ý\n> {WRAPPED_SEPARATOR}\n> Duyệt\n"),
    Case("our separator without its rule", "Đồng ý\nReply above this line\nDuyệt\n"),
    Case("our separator on top and nothing else", SEPARATED, new="", certain=False),
    Case("our separator behind an attribution on its line", f"Đồng ý\n{GMAIL_VI} {SEPARATED}\n"),
    Case("our separator behind words", f"Đồng ý {SEPARATED}\n", new="", certain=False),
    Case("a rule that only looks like ours", "Đồng ý\n=-=-=-=-=-=\nHạn: 15/12/2026\n", certain=False),
    Case("a delimited signature", f"Đồng ý\n-- \nNguyễn Văn A\nDuyệt\n\n{GMAIL_VI}\n{OLD}\n"),
    Case(
        "a signature without a delimiter",
        f"Đồng ý\n\nTrân trọng,\nNguyễn Văn A\n\n{GMAIL_VI}\n{OLD}\n",
        new="Đồng ý\n\nTrân trọng,\nNguyễn Văn A",
    ),
    Case("a disclaimer above", f"Đồng ý\n\n{DISCLAIMER_VI}\n\n{GMAIL_VI}\n{OLD}\n", new=f"Đồng ý\n\n{DISCLAIMER_VI}"),
    Case("a disclaimer below", f"Đồng ý\n\n{GMAIL_VI}\n{OLD}\n\n{DISCLAIMER_VI}\n"),
    Case("a wrapped disclaimer below", f"Đồng ý\n\n{GMAIL_EN}\n{OLD}\n\n{DISCLAIMER_EN}\n"),
    Case("a disclaimer below and nothing else", f"{GMAIL_EN}\n{OLD}\n\n{DISCLAIMER_EN}\n", new=""),
    Case("a signature below the quote", f"Đồng ý\n\n{GMAIL_EN}\n{OLD}\n\n-- \nNguyễn Văn A\n"),
    Case("a closing below the quote", f"Đồng ý\n\n{GMAIL_EN}\n{OLD}\n\nBest regards,\nNguyễn Văn A\n"),
    Case(
        "the footer of a list",
        f"Đồng ý\n\n{GMAIL_EN}\n{OLD}\n\n_______________________________________\nds mailing list\n",
    ),
    Case("an answer among the lines", f"Đồng ý\n\n{GMAIL_EN}\n> Hỏi một?\n\nDuyệt\n\n> Hỏi hai?\n", certain=False),
    Case(
        "answers among the lines only",
        f"{GMAIL_EN}\n> Hỏi một?\n\nDuyệt\n\n> Hỏi hai?\n\nXong\n",
        new="",
        certain=False,
    ),
    Case("words above and below", f"Đồng ý\n\n{GMAIL_EN}\n{OLD}\n\nHạn: 15/12/2026\n", certain=False),
    Case(
        "a quoted line that lost its mark when it was wrapped",
        (
            f"Đồng ý\n\n{GMAIL_EN}\n> Một dòng rất dài của thông báo mà chương trình thư ngắt ra khi"
            " trích\nDuyệt\n> Hạn: 01/12/2026\n"
        ),
    ),
    Case(
        "a wrapped quoted line at the end and nothing above",
        f"{GMAIL_EN}\n> Một dòng rất dài của thông báo mà chương trình thư ngắt ra khi trích\nDuyệt\n",
        new="",
        certain=False,
    ),
    Case("an attribution and no marks", f"Đồng ý\n\n{GMAIL_VI}\n\nDuyệt\n"),
    Case("an attribution, no marks and nothing above", f"{GMAIL_VI}\n\nDuyệt\n", new="", certain=False),
    Case("a line like a header among new ones", "Đồng ý\nTừ: Phòng A\nDuyệt\n", certain=False),
    Case("a line like a header before a real quote", f"Đồng ý\nTừ: Phòng A\n\n{GMAIL_EN}\n{OLD}\n"),
    Case("a line like an attribution among new ones", "Đồng ý\nAnh Nam viết:\nDuyệt\n", certain=False),
    Case("a line between dashes among new ones", "Đồng ý\n--- ý kiến ---\nDuyệt\n", certain=False),
    Case("a bar that may be a table", "Đồng ý\n| Duyệt\n", certain=False),
    Case("a bar after an attribution", f"Đồng ý\n\n{GMAIL_EN}\n| Duyệt\n"),
    Case(
        "a colon before nothing quoted",
        "Đồng ý như sau:\n- một\n- hai\n",
        new="Đồng ý như sau:\n- một\n- hai",
        quotes=False,
    ),
    Case(
        "labels of commands",
        "Chủ trì: Phòng A\nPhối hợp: Phòng B\nHạn: 15/12/2026\n",
        new="Chủ trì: Phòng A\nPhối hợp: Phòng B\nHạn: 15/12/2026",
        quotes=False,
    ),
    Case(
        "labels of corrections",
        "Số: 12\nNgày: 05/12/2026\nTrích yếu: Về việc A\n",
        new="Số: 12\nNgày: 05/12/2026\nTrích yếu: Về việc A",
        quotes=False,
    ),
    Case(
        "a date that begins like an attribution", "Ngày 05/12 họp, đồng ý\n", new="Ngày 05/12 họp, đồng ý", quotes=False
    ),
    Case("a nested header in marks", f"Đồng ý\n\n{GMAIL_EN}\n> -----Original Message-----\n> From: X\n>\n> Duyệt\n"),
    Case(
        "a nested header below nothing new",
        f"{GMAIL_EN}\n> Hỏi?\n\n-----Original Message-----\nFrom: X\n\nDuyệt\n",
        new="",
        certain=False,
    ),
    Case(
        "passed on by gmail",
        f"Đồng ý\n\n---------- Forwarded message ---------\n{HEAD_EN}\n\nDuyệt\n",
        subject="Fwd: x",
        forwarded=True,
    ),
    Case(
        "passed on by gmail in Vietnamese",
        f"---------- Thư đã chuyển tiếp ----------\n{HEAD_VI}\n\n> Cũ\n\nDuyệt\n",
        new="",
        forwarded=True,
    ),
    Case(
        "passed on by apple",
        "Đồng ý\n\nBegin forwarded message:\n\n> From: X\n> Subject: Z\n> \n> Duyệt\n",
        forwarded=True,
    ),
    Case(
        "passed on by thunderbird",
        "Đồng ý\n\n-------- Forwarded Message --------\nSubject: Z\n\nDuyệt\n",
        forwarded=True,
    ),
    Case("passed on by outlook", f"Đồng ý\n\n{HEAD_VI}\n\nDuyệt\n", subject="FW: x", forwarded=True),
    Case("the answer to what was passed on", f"Đồng ý\n\n{HEAD_VI}\n\nDuyệt\n", subject="RE: FW: x"),
    Case("flowed", "Đồng \ný\n\nOn 11/23/26 09:15, X wrote:\n> Duyệt \n> luôn\n", flowed=True),
    Case("flowed with deleted blanks", "Đồn \ng ý\n\nOn 11/23/26 09:15, X wrote:\n> Duyệt\n", flowed=True, delsp=True),
    Case("flowed with a signature", f"Đồng ý\n-- \nDuyệt\n\n{GMAIL_EN}\n{OLD}\n", flowed=True),
    Case("flowed and stuffed", f" Đồng ý\n\n{GMAIL_EN}\n>  Duyệt\n> > Hạn\n", flowed=True),
    Case(
        "gmail's markup",
        html=(
            '<div dir="ltr">Đồng ý</div><br><div class="gmail_quote">'
            f'<div class="gmail_attr">{GMAIL_VI}<br></div>'
            '<blockquote class="gmail_quote">Duyệt</blockquote></div>'
        ),
    ),
    Case(
        "gmail's signature",
        html=(
            '<div>Đồng ý</div><span class="gmail_signature_prefix">-- </span><br>'
            '<div class="gmail_signature">Duyệt</div><div class="gmail_quote">'
            '<blockquote class="gmail_quote">Duyệt</blockquote></div>'
        ),
    ),
    Case(
        "gmail below",
        html=(
            f'<div class="gmail_quote"><div class="gmail_attr">{GMAIL_VI}</div>'
            '<blockquote class="gmail_quote">Duyệt</blockquote><div>Đồng ý</div></div>'
        ),
    ),
    Case(
        "gmail among the lines",
        html=(
            '<div>Đồng ý</div><div class="gmail_quote"><div class="gmail_attr">x</div>'
            '<blockquote class="gmail_quote">Hỏi</blockquote><div>Duyệt</div>'
            '<blockquote class="gmail_quote">Hỏi hai</blockquote></div>'
        ),
        certain=False,
    ),
    Case(
        "gmail passed on with a quote within",
        html=(
            '<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message'
            ' ---------<br>From: X</div><blockquote class="gmail_quote">Cũ</blockquote>'
            "<div>Duyệt</div></div>"
        ),
        new="",
        forwarded=True,
    ),
    Case(
        "outlook's markup",
        html=(
            "<div class=WordSection1><p class=MsoNormal>Đồng ý<o:p></o:p></p><div>"
            "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'>"
            "<p class=MsoNormal><b>From:</b> X &lt;a@b.vn&gt; <br><b>Sent:</b> Monday<br>"
            "<b>To:</b> Y<br><b>Subject:</b> Z<o:p></o:p></p></div></div>"
            "<p class=MsoNormal>Duyệt</p></div>"
        ),
    ),
    Case(
        "outlook's markup in a language unknown",
        html=(
            '<p>Đồng ý</p><div style="border-top:solid #B5C4DF 1.0pt"><p>'
            "<b>Saatja:</b> X &lt;a@b.vn&gt;<br><b>Saadetud:</b> 23.11.2026<br>"
            "<b>Teema:</b> Z</p></div><p>Duyệt</p>"
        ),
    ),
    Case(
        "outlook's bar at the left",
        html=(
            '<p>Đồng ý</p><div style="border:none;border-left:solid blue 1.5pt;padding:0in 0in 0in'
            ' 4.0pt"><p><b>From:</b> X<br><b>Sent:</b> Y<br><b>To:</b> Z<br><b>Subject:</b> W</p>'
            "<p>Duyệt</p></div>"
        ),
    ),
    Case(
        "outlook on the web in markup",
        html=(
            '<div class="elementToProof">Đồng ý</div><div id="appendonsend"></div><hr>'
            '<div id="x_divRplyFwdMsg"><b>Từ:</b> X<br></div><div>Duyệt</div>'
        ),
    ),
    Case(
        "the place of a reply without one",
        html='<div>Đồng ý</div><div id="appendonsend"></div><div>Duyệt</div>',
        certain=False,
    ),
    Case(
        "outlook's signature",
        html=(
            '<div>Đồng ý</div><div id="Signature"><p>Duyệt</p></div><hr>'
            '<div id="divRplyFwdMsg">Từ: X</div><div>Duyệt</div>'
        ),
    ),
    Case(
        "apple's markup",
        html=(
            '<div>Đồng ý</div><div><br><blockquote type="cite"><div>On 23 Nov 2026, X wrote:'
            f"</div></blockquote></div>{CITED}"
        ),
    ),
    Case("apple's markup below", html=f"{CITED}<div>Đồng ý</div>"),
    Case(
        "thunderbird's signature",
        html=f'<p>Đồng ý</p><div class="moz-signature">-- <br>Duyệt</div><div class="moz-cite-prefix">x:</div>{CITED}',
    ),
    Case(
        "indented by a person",
        html='<div>Đồng ý</div><blockquote style="margin:0 0 0 40px;border:none">Duyệt</blockquote>',
        certain=False,
    ),
    Case(
        "a bare quote with an attribution",
        html=f"<p>Đồng ý</p><p>{GMAIL_VI.replace('<', '&lt;')}</p><blockquote>Duyệt</blockquote>",
    ),
    Case("marks in markup", html="<p>Đồng ý</p><p>&gt; Duyệt<br>&gt; Hạn: 01/12/2026</p>"),
    Case(
        "our separator in markup",
        html=f"<p>Đồng ý</p><table><tr><td>{SEPARATOR}</td></tr><tr><td>Duyệt</td></tr></table>",
    ),
    Case(
        "our separator in markup, hidden", html=f'<p>Đồng ý</p><div style="display:none">{SEPARATOR}</div><p>Duyệt</p>'
    ),
    Case(
        "both alike",
        f"Đồng ý\n\n{GMAIL_VI}\n{OLD}\n",
        f'<div>Đồng ý</div><div class="gmail_quote"><div class="gmail_attr">x</div>{CITED}</div>',
    ),
    Case(
        "both alike but for emphasis, links and pictures",
        f"*Đồng ý* xem <https://a.example/b>\n[image: logo.png]\n\n{OLD}\n",
        f'<div><b>Đồng ý</b> <a href="https://a.example/b">xem</a><img src="cid:1"></div>{CITED}',
        new="Đồng ý xem",
    ),
    Case("both, and different", f"Không đồng ý\n\n{OLD}\n", f"<div>Đồng ý</div>{CITED}", certain=False),
    Case(
        "a quote that only the text marks",
        f"Đồng ý\n\n{OLD}\n",
        "<div>Đồng ý</div><div>Duyệt</div><div>Hạn: 01/12/2026</div>",
        certain=False,
    ),
    Case(
        "text that the markup hides",
        f"Đồng ý\nDuyệt\n\n{OLD}\n",
        f'<div>Đồng ý</div><div style="display:none">Duyệt</div>{CITED}',
        certain=False,
    ),
    Case("letters that could not be read", f"Đồng ý \ufffd\n\n{OLD}\n", new="Đồng ý \ufffd", certain=False),
    Case(
        "more than is read",
        "Đồng ý\n" * 10_000,
        new=("Đồng ý\n" * 10_000)[:20_000].rstrip(),
        certain=False,
        quotes=False,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_new_is_told_from_what_is_quoted(case: Case) -> None:
    found = authored(case.text, case.html, subject=case.subject, flowed=case.flowed, delsp=case.delsp)
    expected = Authored(case.new, case.certain, found.doubt, case.quotes, case.forwarded)
    assert found == expected
    assert bool(found.doubt) != found.certain
