"""A relay that breaks off, stalls or talks nonsense, at every point of the dialogue."""

from __future__ import annotations

import pytest

from gateway.adapters.smtp_out import RelayTimeouts
from gateway.model.notice import DeliveryOutcome, DeliveryResult
from tests.adapters.mail_out.peer import HANG_UP, SILENCE, Dribbled, LastWords, Peer
from tests.adapters.mail_out.sending import MAIL, PERMANENT, QUICK, SENT, TEMPORARY, UNREACHABLE, MakeRelay, send

IN_DOUBT = "; nội dung đã gửi hết nên máy chủ có thể đã nhận thư"
LOST = "Mất kết nối với máy chủ chuyển thư"
LATE = "Máy chủ chuyển thư không trả lời trong thời hạn"
GARBLED = "Máy chủ chuyển thư trả lời sai quy cách"
LARGE = MAIL + b"7 bits and a line end\r\n" * 900_000


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (HANG_UP, LOST),
        (SILENCE, LATE),
        ("hello", f"{GARBLED}: hello"),
        ("", GARBLED + ":"),
        ("25", f"{GARBLED}: 25"),
        ("199 odd", f"{GARBLED}: 199 odd"),
        ("354 more", f"{GARBLED}: 354 more"),
        ("999 odd", f"{GARBLED}: 999 odd"),
        (LastWords("250-half an answer"), LOST),
    ],
)
async def test_after_the_dot_the_mail_may_have_been_taken(relay: MakeRelay, fault: str, text: str) -> None:
    """The operator is told so, and it is not sent again before the next attempt is due (RFC 1047)."""
    async with Peer({"CONTENT": [fault]}) as peer:
        result = await send(relay(peer, timeouts=QUICK))
        assert result.outcome is TEMPORARY
        assert result.response.startswith(text)
        assert result.response.endswith(IN_DOUBT)
        assert len(peer.conversations) == len(peer.mails) == 1


async def test_the_end_of_the_attempt_after_the_dot_is_in_doubt_too(relay: MakeRelay) -> None:
    async with Peer({"CONTENT": [SILENCE]}) as peer:
        result = await send(relay(peer, timeouts=RelayTimeouts(attempt=0.5)))
        assert result == DeliveryResult(TEMPORARY, LATE + IN_DOUBT)


@pytest.mark.parametrize(("fault", "text"), [(HANG_UP, LOST), (LastWords("552 5.3.4 too big"), LOST), (SILENCE, LATE)])
async def test_before_the_dot_the_relay_cannot_have_taken_the_mail(relay: MakeRelay, fault: str, text: str) -> None:
    async with Peer({"MIDWAY": [fault]}) as peer:
        result = await send(relay(peer, timeouts=RelayTimeouts(attempt=1.5)), content=LARGE)
        assert result == DeliveryResult(TEMPORARY, text)
        assert peer.mails == []
        assert len(peer.conversations) == 1


@pytest.mark.parametrize("fault", [HANG_UP, SILENCE, "hello", "199 odd", "999 odd"])
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
async def test_before_the_content_nothing_is_in_doubt(relay: MakeRelay, verb: str, fault: str) -> None:
    async with Peer({verb: [fault]}) as peer:
        result = await send(relay(peer, timeouts=QUICK))
        assert result.outcome is TEMPORARY
        assert result.response.startswith((LOST, LATE, GARBLED))
        assert not result.response.endswith(IN_DOUBT)


@pytest.mark.parametrize("ending", [str, LastWords])
@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "CONTENT"])
async def test_a_relay_that_closes_down_is_tried_later(relay: MakeRelay, verb: str, ending: type[str]) -> None:
    """421 may stand anywhere (RFC 5321 section 4.2.1). After the dot it is an answer: the mail was not taken."""
    async with Peer({verb: [ending("421 4.3.2 closing")]}) as peer:
        sender = relay(peer)
        result = await send(sender)
        assert result.outcome is (UNREACHABLE if verb in {"CONNECT", "EHLO"} else TEMPORARY)
        assert result.response.endswith("421 4.3.2 closing")
        assert (await send(sender)).outcome is SENT
        assert len(peer.conversations) == 2


async def test_a_yes_counts_though_the_line_drops_after_it(relay: MakeRelay) -> None:
    async with Peer({"CONTENT": [LastWords("250 2.0.0 taken")]}) as peer:
        sender = relay(peer)
        assert await send(sender) == DeliveryResult(SENT, "250 2.0.0 taken")
        assert (await send(sender)).outcome is SENT
        assert len(peer.conversations) == len(peer.mails) == 2


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "CONTENT"])
@pytest.mark.parametrize("ending", [str, Dribbled])
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("250-first\r\n250-second\r\n250 third", SENT),
        ("450-first\r\n450-second\r\n450 third", TEMPORARY),
        ("550-first\r\n550-second\r\n550 third", PERMANENT),
    ],
)
async def test_an_answer_may_have_many_lines_and_come_in_crumbs(
    relay: MakeRelay, verb: str, ending: type[str], answer: str, outcome: DeliveryOutcome
) -> None:
    async with Peer({verb: [ending(answer)]}) as peer:
        result = await send(relay(peer))
        assert result.outcome is outcome
        if outcome is not SENT or verb == "CONTENT":
            assert result.response == f"{answer[:3]} first second third"


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
async def test_an_answer_nobody_asked_for_is_not_taken_for_the_next(relay: MakeRelay, verb: str) -> None:
    """Else `250` sent ahead would be believed for a mail that is then refused."""
    first = "354 go ahead" if verb == "DATA" else "250 ok"
    async with Peer({verb: [f"{first}\r\n250 2.0.0 taken"], "CONTENT": ["550 5.7.1 not taken"]}) as peer:
        result = await send(relay(peer))
        assert result == DeliveryResult(TEMPORARY, f"{GARBLED}: thừa dòng sau {first[:3]}")
        assert peer.mails == []


async def test_junk_after_the_last_answer_spoils_the_connection_only(relay: MakeRelay) -> None:
    async with Peer({"CONTENT": ["250 2.0.0 taken\r\n550 5.7.1 junk"]}) as peer:
        sender = relay(peer)
        assert await send(sender) == DeliveryResult(SENT, "250 2.0.0 taken")
        assert await send(sender) == DeliveryResult(SENT, "250 2.0.0 queued as 4F2")
        assert len(peer.conversations) == 2


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
async def test_a_no_followed_by_a_goodbye_is_still_a_no(relay: MakeRelay, verb: str) -> None:
    """Servers that have had enough say both in one breath."""
    async with Peer({verb: [LastWords("550 5.1.1 unknown\r\n421 4.7.0 too many errors")]}) as peer:
        assert await send(relay(peer)) == DeliveryResult(PERMANENT, "550 5.1.1 unknown")


async def test_endless_lines_end(relay: MakeRelay) -> None:
    async with Peer({"RCPT": ["250-" + "x" * 40_000]}) as peer:
        result = await send(relay(peer, timeouts=QUICK))
        assert result.outcome is TEMPORARY
        assert result.response.startswith(GARBLED)
