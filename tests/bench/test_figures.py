"""What the benches compute from their samples, and the instruments they measure with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.client import Client
from bench.figures import milliseconds, percentile, spread
from bench.letters import authority, padded, signed_decision
from bench.process import children_cpu_seconds, cpu_seconds, peak_mb, rss_mb
from bench.sink import Sink, closing
from gateway.adapters.signatures import load_anchors, validate_signatures
from gateway.adapters.text import read_text
from gateway.model.signature import SignatureVerdict
from tests.documents import decision_pdf


def test_a_percentile_is_the_smallest_sample_that_the_share_does_not_exceed() -> None:
    samples = [float(number) for number in range(100, 0, -1)]
    assert percentile(samples, 0.95) == 95.0
    assert percentile(samples, 0.99) == 99.0
    assert percentile([7.0], 0.5) == 7.0
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 0.5)


def test_seconds_are_printed_as_milliseconds() -> None:
    assert milliseconds(0.12345) == 123.5
    assert spread([0.1, 0.2, 0.3]) == {"p50_ms": 200.0, "p95_ms": 300.0, "worst_ms": 300.0}


def test_an_unknown_bench_is_named_and_nothing_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["no-such-bench"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "no-such-bench" in said.err
    assert "latency" in said.err


def test_a_letter_of_the_bench_carries_a_valid_signature_and_the_size_asked_for(tmp_path: Path) -> None:
    authority().write_anchors(tmp_path / "trust")
    pdf = tmp_path / "signed.pdf"
    pdf.write_bytes(signed_decision(7, 120_000))
    assert abs(pdf.stat().st_size - 120_000) < 3_000
    (signature,), _ = validate_signatures(pdf, load_anchors(tmp_path / "trust"))
    assert signature.verdict is SignatureVerdict.VALID


def test_padding_leaves_the_text_of_a_file_as_it_was(tmp_path: Path) -> None:
    plain, grown = tmp_path / "plain.pdf", tmp_path / "grown.pdf"
    plain.write_bytes(decision_pdf())
    grown.write_bytes(padded(plain.read_bytes(), 150_000, seed=1))
    assert read_text(grown, "application/pdf").text == read_text(plain, "application/pdf").text


def test_the_kernel_tells_memory_and_processor_time_of_a_process() -> None:
    pid = os.getpid()
    assert 0 < rss_mb(pid) <= peak_mb(pid)
    assert cpu_seconds(pid) > 0
    assert children_cpu_seconds(pid) >= 0


async def test_the_sink_notes_the_kind_and_the_mail_of_each_notice() -> None:
    sink = Sink()
    await sink.start()
    notice = b"Message-ID: <clerk_document.m17.abc@agency.example>\r\n\r\nText\r\n"
    with closing(sink):
        async with Client(sink.port) as client:
            sent = await client.send(notice)
            await sink.until(1, 10.0)
    (arrival,) = sink.arrivals
    assert arrival.kind == "clerk_document"
    assert sent.last_dot <= arrival.at <= sent.answered
