"""After the real daemon has sealed mails no trace of them is left: on its disk, in its log, in mail, in mailboxes."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.store.database import Database
from gateway.store.migrations import migrate
from tests.documents import decision_docx, decision_pdf, decision_txt, scan_pdf
from tests.mails import mail, page_one
from tests.servers.clamd import ClamdServer
from tests.servers.daemon import Daemon
from tests.servers.dovecot import PASSWORD, USER, DovecotServer
from tests.servers.postgres import PostgresServer
from tests.service.client import await_true, send
from tests.service.conftest import Start
from tests.traces import forms, found_in, pieces_of

MARKERS = ("Zunguyet", "Kadrelim khôngaibiết", "Wopxanhla ghichúkín", "Qelvortam-duyệt")
"""In subjects, in the text of files, in bodies, in the names of files."""
_SECONDS = 240.0


def secrets() -> list[bytes]:
    """Mails that are marked in Word, in PDF, in a scanned picture, and in the subject alone."""
    subject, words, body, name = MARKERS
    told = f"Về việc {words}"
    files = {
        "docx": decision_docx(mark="TỐI MẬT", abstract=told),
        "pdf": decision_pdf(mark="MẬT", abstract=told),
    }
    mails = [
        mail((f"{name}.{kind}", content), subject=f"{subject} {kind}", body=body, message_id=f"<{kind}@agency.example>")
        for kind, content in files.items()
    ]
    scan = scan_pdf(pages=1, mark="TUYỆT MẬT", abstract=told)
    mails.append(mail((f"{name}.scan.pdf", scan), subject=subject, body=body, message_id="<scan@agency.example>"))
    plain = decision_txt(abstract=told)
    marked = f"Gửi công văn MẬT số 12/{subject}"
    mails.append(mail((f"{name}.txt", plain), subject=marked, body=body, message_id="<s@agency.example>"))
    return mails


def needles(mails: Sequence[bytes]) -> set[bytes]:
    return {form for marker in MARKERS for form in forms(marker)}.union(*map(pieces_of, mails))


async def _sql(url: str, statement: str) -> list[tuple[object, ...]]:
    database = Database(url)
    try:
        async with database.read() as connection:
            result = await connection.execute(text(statement))
            return [tuple(row) for row in result.all()] if result.returns_rows else []
    finally:
        await database.close()


def sql(url: str, statement: str) -> list[tuple[object, ...]]:
    return asyncio.run(_sql(url, statement))


def sealed(url: str) -> int:
    ((count,),) = sql(url, "SELECT count(*) FROM mail WHERE stage = 'sealed'")
    assert isinstance(count, int)
    return count


def is_clean(url: str) -> bool:
    return sql(url, "SELECT count(*) FROM remainder") == [(0,)]


def mailbox(folder: Path, dovecot: DovecotServer, done_folder: str) -> dict[str, object]:
    folder.mkdir(exist_ok=True)
    (folder / "secret").write_text(PASSWORD)
    return {
        "name": "so",
        "host": dovecot.host,
        "port": dovecot.port,
        "tls": "none",
        "ca_file": "",
        "username": USER,
        "login": "password",
        "secret": f"file:{folder / 'secret'}",
        "address": USER,
        "folder": "INBOX",
        "done_folder": done_folder,
        "done_flag": "$VanthuTaken",
    }


def traces(places: Sequence[Path], wanted: set[bytes]) -> dict[str, bytes]:
    """Where something was found, each with one find; what a mail server notes for its own quickness is its own."""
    found = found_in(places, wanted)
    return {path: hits[0] for path, hits in found.items() if not Path(path).name.startswith("dovecot.")}


@pytest.fixture
def dovecot() -> Iterator[DovecotServer]:
    with DovecotServer() as server:
        yield server


def opened(daemon: Daemon, mail_id: int, folder: Path) -> bytes:
    """As the officer does it: the command, then OpenSSL with the key."""
    copy = folder / f"M{mail_id}.p7m"
    daemon.vanthu("quarantine", "copy", f"M{mail_id}", "--to", str(copy))
    key = daemon.folder / "blobs" / "niem-phong" / "khoa-rieng-niem-phong.pem"
    command: list[str | Path] = ["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", copy, "-inkey", key]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A cluster of its own: all files of it are searched, and the tests' has hundreds of databases."""
    with PostgresServer() as server:
        server.prepare_template(migrate)
        yield server


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_trace_of_sealed_mails_is_left_anywhere(
    kind: str, start: Start, clamd: ClamdServer, dovecot: DovecotServer, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    places = [tmp_path / "gateway0", dovecot.home()]
    url = f"sqlite:///{tmp_path / 'gateway0' / 'gateway.db'}"
    if kind == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("own_postgres")
        url = postgres.database()
        places.append(postgres.tables)
    mails = secrets()
    done_folder = "DaNhan" if kind == "sqlite" else ""
    dovecot.deliver(*mails[:2])
    daemon = start(
        scanner={"clamd": [clamd.address]},
        relay={"maildir": "out"},
        store={"database": url.removeprefix("sqlite:///")},
        imap={"poll": "5 s", "mailboxes": [mailbox(tmp_path / "imap", dovecot, done_folder)]},
    )
    for raw in (*mails, mails[0]):
        send(daemon, raw)
    send(daemon, mail(("bao-cao.txt", page_one(8)), message_id="<clean@agency.example>"))
    await_true("sealing", lambda: sealed(url) == len(mails) + 3, _SECONDS)
    await_true("destruction", lambda: is_clean(url), _SECONDS)
    if kind == "postgresql":
        sql(url, "CHECKPOINT")
    wanted = needles(mails)
    assert traces(places, wanted) == {}
    assert [stored for folder in ("INBOX", "DaNhan") for stored in dovecot.stored(folder)] == []
    hashes = {hashlib.sha256(raw).hexdigest(): raw for raw in mails}
    rows = sql(url, "SELECT id, raw_sha256 FROM mail WHERE stage = 'sealed' AND transport = 'smtp' ORDER BY id")
    assert [hashes[str(sha256)] for _, sha256 in rows] == [*mails, mails[0]]
    assert opened(daemon, int(str(rows[2][0])), tmp_path) == mails[2]
    assert daemon.stop() == 0
    assert traces(places, wanted) == {}
    number = int(str(rows[3][0]))
    (tmp_path / "opened.eml").write_bytes(mails[3])
    daemon.vanthu("quarantine", "unseal", f"M{number}", str(tmp_path / "opened.eml"), "--reason", "ghi nhầm")
    assert sql(url, f"SELECT stage FROM mail WHERE id = {number}") == [("accepted",)]  # noqa: S608 - a number
