"""Mails of other parsers' own suites."""

from __future__ import annotations

import csv
import email
import resource
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.adapters.mime.mails import Taken, take
from tests.fuzz.mime_invariants import Bench

CORPUS = Path(__file__).parents[4] / "shared" / "corpora" / "eml"
MOST_MEMORY = 1 << 30

# Parts whose insides the index counts and we leave whole: groups of status fields, bodies kept elsewhere.
_COUNTED_OTHERWISE = {"message/delivery-status", "message/external-body"}

# Where our reading differs from the one that the corpus expects, and why.
_SHAPED_OTHERWISE = {
    "badbound.msg": "no delimiter is found: the body is kept as a file, not thrown away",
    "ending-boundaries.msg": "only closing delimiters: the body is kept as a file, not thrown away",
    "missing-boundary.msg": "no delimiter is found: the body is kept as a file, not thrown away",
    "missing-inner-boundary.msg": "no delimiter is found: the body is kept as a file, not thrown away",
    "double-bound.msg": "two delimiters with nothing between them are one",
    "multipartemptypart.msg": "two delimiters with nothing between them are one",
    "very-long-boundary.msg": "a blank lost at the end of a delimiter does not hide the part behind it",
    "very-very-long-boundary.msg": "a blank lost at the end of a delimiter does not hide the part behind it",
    "weird-boundary.msg": "a blank lost at the end of a delimiter does not hide the part behind it",
}
# The corpus' own descriptions that are no XML.
_UNREADABLE = {"2002_06_12_doublebound.msg", "twopart.msg"}

# Leaves of the standard library's reader that are no part of ours, and why.
_LEAVES_OTHERWISE = {
    "multi-2gifs-base64.msg": "the library does not undo the encoding of a message; we open what is in it",
    "bad-newlines-multiple-parts-base64.msg": "the library does not undo the encoding of a message; we open it",
    "base64encoded-rfc822message-nested.msg": "the library does not undo the encoding of a message; we open it",
    "base64encoded-rfc822message.msg": "the library does not undo the encoding of a message; we open it",
    "multi-badnames.msg": "the boundary is guessed and the parts are read, where the library gives one text",
    "multi-clen.msg": "the boundary is guessed and the parts are read, where the library gives one text",
    "multi-digest.msg": "the boundary is guessed and the parts are read, where the library gives one text",
    "multi-simple.msg": "the boundary is guessed and the parts are read, where the library gives one text",
    "msg_25.txt": "the boundary is guessed and the parts are read, where the library gives one text",
    "msg_31.txt": "the boundary is guessed and the parts are read, where the library gives one text",
    "ending-boundaries.msg": "text beside the delimiters is no part; the problems name it",
    "multipartemptypart.msg": "text beside the delimiters is no part; the problems name it",
    "multipartnopart.msg": "text beside the delimiters is no part; the problems name it",
    "missing-inner-start-boundary.msg": "text beside the delimiters is no part; the problems name it",
    "multi-frag.msg": "base64 with damage is decoded to a different length",
    "twopart.msg": "a blank behind the word base64 is passed over, where the library leaves the part encoded",
    "obsolete.msg": "blanks before the colon of a field are taken (RFC 5322 section 4.5)",
    "example13.eml": "blanks before the colon of a field are taken (RFC 5322 section 4.5)",
    "multipart_report_multiple_status.eml": "a delivery status is one part, where the library makes one of each group",
    "msg_36.txt": "a body kept elsewhere is one part with its header, where the library takes them apart",
}


def _index() -> list[dict[str, str]]:
    with (CORPUS / "index.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = _index()


def _id(row: dict[str, str]) -> str:
    return row["file"]


def _name(row: dict[str, str]) -> str:
    return Path(row["file"]).name


def _read(row: dict[str, str]) -> Taken:
    return take((CORPUS / row["file"]).read_bytes())


@pytest.mark.corpus
@pytest.mark.parametrize("row", ROWS, ids=_id)
def test_every_mail_is_read_with_a_decision_for_each_part(row: dict[str, str]) -> None:
    with Bench() as bench:
        assert bench.check((CORPUS / row["file"]).read_bytes()).parts
        assert bench.slowest < 2


@pytest.mark.corpus
def test_all_mails_are_read_in_bounded_memory() -> None:
    code = (
        "import sys; from pathlib import Path; from tests.fuzz.mime_invariants import Bench\n"
        "with Bench() as bench:\n"
        "    for line in sys.stdin: bench.check(Path(line.rstrip('\\n')).read_bytes())"
    )
    names = "".join(f"{CORPUS / row['file']}\n" for row in ROWS)
    ran = subprocess.run(
        [sys.executable, "-c", code],
        input=names,
        text=True,
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[3],
        preexec_fn=_bound,
    )
    assert ran.returncode == 0, ran.stderr


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))


@pytest.mark.corpus
@pytest.mark.parametrize(
    "row",
    [r for r in ROWS if not r["defects"] and not _COUNTED_OTHERWISE & set(r["content_types"].split(";"))],
    ids=_id,
)
def test_a_mail_without_defects_has_the_parts_its_index_tells(row: dict[str, str]) -> None:
    assert len(_within_mime(_read(row))) == int(row["parts"])


@pytest.mark.corpus
@pytest.mark.parametrize("row", [r for r in ROWS if r["expected_file"] and _name(r) not in _UNREADABLE], ids=_id)
def test_the_tree_of_parts_is_the_one_expected(row: dict[str, str]) -> None:
    expected = _shape(ElementTree.fromstring((CORPUS / row["expected_file"]).read_bytes()))  # noqa: S314 - the corpus
    taken = _read(row)
    kinds = {part.path: "leaf" if part.sha256 else part.type.partition("/")[0] for part in taken.mail.parts}
    found = [kinds[path] for path in _within_mime(taken)]
    assert (found == expected) is (_name(row) not in _SHAPED_OTHERWISE)
    if found != expected and found.count("leaf") < expected.count("leaf"):
        assert "nothing between them" in _SHAPED_OTHERWISE[_name(row)]


@pytest.mark.corpus
@pytest.mark.parametrize("row", ROWS, ids=_id)
def test_no_leaf_is_missing(row: dict[str, str]) -> None:
    content = (CORPUS / row["file"]).read_bytes()
    taken = take(content)
    found = {_squeezed(part) for part in taken.contents.values()}
    leaves = [part for part in email.message_from_bytes(content).walk() if not part.is_multipart()]
    payloads = [payload for part in leaves if isinstance(payload := part.get_payload(decode=True), bytes)]
    missing = {squeezed for payload in payloads if (squeezed := _squeezed(payload)) and squeezed not in found}
    assert bool(missing) is (_name(row) in _LEAVES_OTHERWISE)
    if "beside the delimiters" in _LEAVES_OTHERWISE.get(_name(row), ""):
        assert taken.mail.problems


def _within_mime(taken: Taken) -> list[str]:
    """Paths of the parts that MIME itself knows; what we open beyond it (uuencode, attached texts) comes on top."""
    declared = {part.path: part.declared_type for part in taken.mail.parts}
    beyond = [path for path, kind in declared.items() if not kind.startswith(("multipart/", "message/"))]
    return [path for path in declared if not any(path.startswith(f"{outer}.") for outer in beyond)]


def _shape(element: ElementTree.Element) -> list[str]:
    shapes = {"multipart": "multipart", "message": "message", "body": "leaf"}
    out: list[str] = []
    for child in element:
        out += [shapes[child.tag]] if child.tag in shapes else []
        out += _shape(child)
    return out


def _squeezed(content: bytes) -> bytes:
    return b"".join(content.split())
