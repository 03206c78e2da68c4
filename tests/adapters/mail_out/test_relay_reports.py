"""How reports are asked for (RFC 3461), as a relay hears it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters.smtp_out.reports import report_wish, utf8_xtext, xtext
from gateway.model.notice import DeliveryResult
from tests.adapters.mail_out.peer import HANG_UP, LastWords, Peer
from tests.adapters.mail_out.sending import MAIL, PERMANENT, SENT, TEMPORARY, TO, TOKEN, VERP, MakeRelay, send

DSN = ("DSN", "SMTPUTF8")
TAKEN = "250 2.0.0 queued as 4F2"
MAIL_LINE = f"MAIL FROM:<{VERP}> RET=HDRS ENVID={TOKEN}"
RCPT_LINE = f"RCPT TO:<{TO}> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;{TO}"
PLAIN = [f"MAIL FROM:<{VERP}>", f"RCPT TO:<{TO}>"]


def dialogue(peer: Peer) -> list[str]:
    """The commands after the greeting."""
    return peer.conversations[0].heard[1:]


async def test_reports_are_asked_for_where_they_are_offered(relay: MakeRelay) -> None:
    async with Peer(extensions=DSN) as peer:
        assert await send(relay(peer), mail_from=VERP, token=TOKEN) == DeliveryResult(SENT, TAKEN, reports=True)
        assert dialogue(peer) == [MAIL_LINE, RCPT_LINE, "DATA"]


async def test_a_relay_without_dsn_hears_nothing_of_reports(relay: MakeRelay) -> None:
    async with Peer(extensions=("HELP",)) as peer:
        assert await send(relay(peer), mail_from=VERP, token=TOKEN) == DeliveryResult(SENT, TAKEN, reports=False)
        assert dialogue(peer) == [*PLAIN, "DATA"]


async def test_with_a_null_reverse_path_nothing_is_asked(relay: MakeRelay) -> None:
    async with Peer(extensions=DSN) as peer:
        assert not (await send(relay(peer), token=TOKEN)).reports
        assert dialogue(peer) == ["MAIL FROM:<>", f"RCPT TO:<{TO}>", "DATA"]


@pytest.mark.parametrize("code", [501, 504, 555])
@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
async def test_a_relay_that_stumbles_over_the_parameters_gets_the_mail_without(
    relay: MakeRelay, verb: str, code: int
) -> None:
    """Once, on the same connection, and the next mail may ask again."""
    async with Peer({verb: [f"{code} 5.5.4 parameter"]}, extensions=DSN) as peer:
        sender = relay(peer)
        assert await send(sender, mail_from=VERP, token=TOKEN) == DeliveryResult(SENT, TAKEN, reports=False)
        asked = [MAIL_LINE] if verb == "MAIL" else [MAIL_LINE, RCPT_LINE]
        assert dialogue(peer) == [*asked, "RSET", *PLAIN, "DATA"]
        assert (await send(sender, mail_from=VERP, token=TOKEN)).reports
        assert len(peer.conversations) == 1
        assert len(peer.mails) == 2


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
async def test_a_second_refusal_is_about_the_mail(relay: MakeRelay, verb: str) -> None:
    async with Peer({verb: ["501 5.1.3 bad address"] * 5}, extensions=DSN) as peer:
        result = await send(relay(peer), mail_from=VERP, token=TOKEN)
        assert result == DeliveryResult(PERMANENT, "501 5.1.3 bad address")
        assert peer.conversations[0].verbs.count(verb) == 2


@pytest.mark.parametrize("answer", ["550 5.1.1 unknown", "450 4.2.1 later"])
async def test_a_refused_mail_promises_no_report_and_is_not_tried_without(relay: MakeRelay, answer: str) -> None:
    async with Peer({"RCPT": [answer]}, extensions=DSN) as peer:
        result = await send(relay(peer), mail_from=VERP, token=TOKEN)
        assert (result.response, result.reports) == (answer, False)
        assert peer.conversations[0].verbs.count("RCPT") == 1


async def test_a_mail_refused_after_the_dot_promises_no_report(relay: MakeRelay) -> None:
    async with Peer({"CONTENT": ["554 5.7.1 spam"]}, extensions=DSN) as peer:
        assert not (await send(relay(peer), mail_from=VERP, token=TOKEN)).reports


@pytest.mark.parametrize("fault", [LastWords("501 5.5.4 parameter"), LastWords("555 5.5.4 x\r\n421 4.7.0 bye")])
async def test_a_relay_that_goes_over_the_parameters_condemns_no_mail(relay: MakeRelay, fault: str) -> None:
    async with Peer({"MAIL": [fault]}, extensions=("8BITMIME", "DSN")) as peer:
        result = await send(relay(peer), content="A: x\r\n\r\nCông văn\r\n".encode(), mail_from=VERP, token=TOKEN)
        assert result.outcome is TEMPORARY
        assert peer.mails == []


async def test_a_kept_connection_that_dies_over_the_parameters_is_replaced(relay: MakeRelay) -> None:
    async with Peer({"MAIL": ["250 ok", "555 5.5.4 x"], "RSET": [HANG_UP]}, extensions=DSN) as peer:
        sender = relay(peer)
        assert [(await send(sender, mail_from=VERP)).outcome for _ in range(2)] == [SENT, SENT]
        assert len(peer.conversations) == 2
        assert peer.mails == [MAIL + b".\r\n"] * 2


async def test_addresses_stand_in_the_letters_of_a_parameter(relay: MakeRelay) -> None:
    async with Peer(extensions=DSN) as peer:
        sender = relay(peer)
        for to in ("van+thu=a@moduc.example", "vt@quảngngãi.example", "văn+thư@moduc.example"):
            assert (await send(sender, to=to, mail_from=VERP, token=TOKEN)).reports
        asked = [line.split(" ")[-1] for line in dialogue(peer) if line.startswith("RCPT")]
        assert asked == [
            "ORCPT=rfc822;van+2Bthu+3Da@moduc.example",
            "ORCPT=rfc822;vt@xn--qungngi-2wa3569d.example",
            r"ORCPT=utf-8;v\x{103}n\x{2B}th\x{1B0}@moduc.example",
        ]


@pytest.mark.parametrize("identifier", ["", "x" * 101, "+" * 34, "mã số", "a\r\nRCPT TO:<x@y>", "a\tb"])
def test_an_id_that_the_grammar_does_not_admit_is_left_out(identifier: str) -> None:
    assert report_wish(identifier, TO).mail == (b"RET=HDRS",)


def test_an_address_too_long_for_the_parameter_is_left_out() -> None:
    assert report_wish("x", "+" * 200 + "@moduc.example").rcpt == (b"NOTIFY=SUCCESS,FAILURE,DELAY",)


@given(st.text(st.characters(codec="ascii")))
def test_xtext_is_of_its_alphabet_and_reads_back(text: str) -> None:
    written = xtext(text).decode()
    assert re.fullmatch(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*", written)
    assert re.sub(r"\+(..)", lambda match: chr(int(match[1], 16)), written) == text


@given(st.text(st.characters(codec="utf-8")))
def test_utf8_xtext_is_seven_bit_and_reads_back(text: str) -> None:
    written = utf8_xtext(text).decode("ascii")
    assert re.fullmatch(r"(?:[!-*,-<>-\[\]-~]|\\x\{[0-9A-F]+\})*", written)
    assert re.sub(r"\\x\{(.*?)\}", lambda match: chr(int(match[1], 16)), written) == text
