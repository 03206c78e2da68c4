"""A real Postfix takes our notices and reports on them to our own listener."""

from __future__ import annotations

from typing import Any

from tests.mails import RECIPIENT, SENDER, mail, page_one
from tests.servers.clamd import ClamdServer
from tests.servers.daemon import CLERK, Daemon
from tests.servers.postfix import PostfixServer
from tests.service.client import ask, await_true, send
from tests.service.conftest import Start

RETURNS = "tra-ve@gateway.test"


def outbox(daemon: Daemon, kind: str) -> dict[str, Any]:
    (notice,) = [row for row in daemon.rows("outbox", "list", "--all") if row["kind"] == kind]
    return notice


def wait_for_delivery(daemon: Daemon, kind: str, state: str) -> dict[str, Any]:
    def is_told() -> bool:
        notices = ask(daemon, lambda queries: queries.outbox(open_only=False))
        return [each.delivery and each.delivery.value for each in notices if each.owed.kind.value == kind] == [state]

    await_true(f"{kind} is {state}", is_told)
    return outbox(daemon, kind)


def test_delivered_and_bounced_notices_are_told_apart_and_the_clerk_hears_of_the_bounce_once(
    start: Start, clamd: ClamdServer, relay: PostfixServer
) -> None:
    relay.bounce(SENDER, "5.1.1 unknown user")
    daemon = start(
        scanner={"clamd": [clamd.address]},
        relay={"host": relay.host, "port": relay.port, "retry": ["1 s"]},
        mail={"recipients": [RECIPIENT, RETURNS], "return_path": "tra-ve+b-*@gateway.test"},
    )
    relay.route("gateway.test", daemon.port)
    send(daemon, mail(("a.txt", page_one(1))))
    wait_for_delivery(daemon, "clerk_document", "delivered")
    wait_for_delivery(daemon, "receipt", "failed_hard")
    alarm = wait_for_delivery(daemon, "alarm", "delivered")
    assert (alarm["to"], alarm["alarm"]["cause"]) == (CLERK, "delivery_failed")
    (story,) = daemon.rows("explain", "M1")
    (receipt,) = [notice for notice in story["notices"] if notice["kind"] == "receipt"]
    (report,) = receipt["reports"]
    assert (report["action"], report["recipient"], report["guessed"]) == ("failed", SENDER, False)
    assert report["status"].startswith("5.1.")
