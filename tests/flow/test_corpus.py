"""Mails from the test suites of other parsers: each comes to an end that a person can see, none is given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.model.mail import MailStage, Transport
from tests.flow.conftest import Bench

MAILS = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "eml"


@pytest.mark.corpus
@pytest.mark.timeout(400)
async def test_every_mail_of_the_corpora_comes_to_an_end(bench: Bench) -> None:
    files = sorted(path for path in MAILS.rglob("*") if path.suffix in {".eml", ".msg", ".txt"} and path.is_file())
    received = {}
    for number, path in enumerate(files):
        raw = path.read_bytes()
        # Put in by hand, the sender is believed and all the other rules are met.
        transport = Transport.CLI if number % 2 else Transport.SMTP
        received[path.name] = (await bench.receive(raw, peer="203.0.113.5", transport=transport)).id
    await bench.work()
    ends = {name: (await bench.office.desk.store.mail(mail_id)).stage for name, mail_id in received.items()}
    assert ends
    assert {name: stage for name, stage in ends.items() if not stage.is_end or stage is MailStage.DEAD} == {}
