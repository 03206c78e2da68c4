"""The certificates of authorities on the command line: added, listed, removed, and each decision in the journal."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.adapters.signatures import load_anchors
from gateway.adapters.trust_store import described
from gateway.cli.main import main
from gateway.cli.output import console
from gateway.demo.pki import Identity, make_authority, make_root
from gateway.errors import StorageFull
from gateway.store.unit import SqlUnit
from tests.pki import pki

README = Path(__file__).parents[2] / "README.md"
ROOT, AUTHORITY, SEAL = pki().root, pki().authority, pki().seal
PINS = "".join(
    f'[[pin]]\nname = "x"\nsha256 = "{described(each.der).sha256}"\nkind = "{kind}"\ngeneration = "G2"\n'
    'published = ""\nsource = "recomputed"\n'
    for each, kind in ((ROOT, "root"), (AUTHORITY, "intermediate"))
)


class Vanthu:
    """Runs commands in this process, in a folder with a configuration and pins of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.trust, self._capsys, self._monkeypatch = folder, folder / "trust", capsys, monkeypatch
        (folder / "pins.toml").write_text(PINS, encoding="utf-8")
        self.configure('anchors = "trust"\npins = "pins.toml"')

    def configure(self, signatures: str) -> None:
        (self.folder / "gateway.toml").write_text(
            '[relay]\nmaildir = "maildir"\n[store]\ndatabase = "gateway.db"\nblobs = "blobs"\n'
            f'[signatures]\n{signatures}\n[log]\nlevel = "error"\n',
            encoding="utf-8",
        )

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        self._monkeypatch.setattr(sys, "argv", ["vanthu", *words, "--config", str(self.folder / "gateway.toml")])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    def bring(self, *identities: Identity, name: str = "brought.pem") -> str:
        """A file with certificates, as an operator has downloaded it."""
        path = self.folder / name
        path.write_bytes(b"".join(each.pem for each in identities))
        return str(path)

    def listed(self) -> dict[str, dict[str, Any]]:
        code, out, err = self("trust", "list", "--json")
        assert (code, err) == (0, "")
        return {found["name"]: found for found in map(json.loads, out.splitlines())}

    def journal(self) -> list[tuple[str, str, dict[str, Any]]]:
        if not (self.folder / "gateway.db").exists():
            return []
        with sqlite3.connect(self.folder / "gateway.db") as database:
            rows = database.execute("SELECT kind, actor, data FROM event ORDER BY sequence").fetchall()
        database.close()
        return [(kind, actor, json.loads(data)) for kind, actor, data in rows]


@pytest.fixture
def vanthu(
    tmp_path: Path, blueprint: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Vanthu:
    monkeypatch.setattr(console, "_width", 400)
    monkeypatch.setattr(console, "_height", 50)
    monkeypatch.setenv("SUDO_USER", "an")
    (tmp_path / "gateway.db").write_bytes(blueprint.read_bytes())
    return Vanthu(tmp_path, monkeypatch, capsys)


def event(identity: Identity, *, pinned: bool = True, reason: str = "") -> dict[str, Any]:
    it = described(identity.der)
    return {"sha256": it.sha256, "subject": it.subject, "pinned": pinned, "reason": reason}


def test_pinned_authorities_are_added_in_one_go_and_stand_in_the_journal(vanthu: Vanthu) -> None:
    code, out, err = vanthu("trust", "add", vanthu.bring(ROOT, AUTHORITY))
    assert (code, err) == (0, "")
    assert out.count("Đã thêm: ") == 2
    anchors = load_anchors(vanthu.trust)
    assert (anchors.roots, anchors.intermediates) == ((ROOT.der,), (AUTHORITY.der,))
    assert vanthu.journal() == [
        ("trust.added", "cli:an", event(ROOT)),
        ("trust.added", "cli:an", event(AUTHORITY)),
    ]


def test_der_is_taken_too_and_a_reason_noted(vanthu: Vanthu) -> None:
    file = vanthu.folder / "root.crt"
    file.write_bytes(ROOT.der)
    assert vanthu("trust", "add", str(file), "--reason", "công văn 12/CY")[0] == 0
    assert vanthu.journal() == [("trust.added", "cli:an", event(ROOT, reason="công văn 12/CY"))]


def test_what_is_there_already_is_said_so_and_changes_nothing(vanthu: Vanthu) -> None:
    vanthu("trust", "add", vanthu.bring(ROOT))
    before = {path.name: path.stat().st_mtime_ns for path in vanthu.trust.iterdir()}
    code, out, _ = vanthu("trust", "add", vanthu.bring(ROOT))
    assert code == 0
    assert "Đã có từ trước" in out
    assert {path.name: path.stat().st_mtime_ns for path in vanthu.trust.iterdir()} == before
    assert len(vanthu.journal()) == 1


def test_one_without_a_pin_keeps_all_of_a_file_out_until_somebody_answers_for_it(vanthu: Vanthu) -> None:
    stranger = make_root(datetime(2026, 1, 1, tzinfo=UTC), "Gốc lạ")
    file = vanthu.bring(ROOT, stranger)
    code, out, err = vanthu("trust", "add", file)
    assert (code, out) == (1, "")
    assert "Gốc lạ" in err
    assert described(stranger.der).sha256 in err
    assert "--unpinned" in err
    assert not vanthu.trust.exists()
    assert vanthu.journal() == []
    assert vanthu("trust", "add", file, "--unpinned")[0] == 2, "no reason"
    assert vanthu("trust", "add", file, "--unpinned", "--reason", "  ")[0] == 2
    assert vanthu("trust", "add", file, "--unpinned", "--reason", "đã gọi điện")[0] == 0
    assert vanthu.journal() == [
        ("trust.added", "cli:an", event(ROOT, reason="đã gọi điện")),
        ("trust.added", "cli:an", event(stranger, pinned=False, reason="đã gọi điện")),
    ]
    assert vanthu.listed()["Gốc lạ"]["pinned"] is False


@pytest.mark.parametrize("flags", [(), ("--unpinned", "--reason", "cứ thêm")])
def test_a_certificate_of_a_signer_is_refused_with_its_reason(vanthu: Vanthu, flags: tuple[str, ...]) -> None:
    code, out, err = vanthu("trust", "add", vanthu.bring(ROOT, SEAL), *flags)
    assert (code, out) == (1, "")
    assert "không phải chứng thư của tổ chức chứng thực" in err
    assert not vanthu.trust.exists()


def test_a_file_with_something_else_is_one_readable_line(vanthu: Vanthu) -> None:
    file = vanthu.folder / "x.pem"
    file.write_bytes(b"hello")
    code, out, err = vanthu("trust", "add", str(file))
    assert (code, out) == (1, "")
    assert err.splitlines() == [f"vanthu: {file}: không phải chứng thư X.509 dạng PEM hoặc DER"]


@pytest.mark.parametrize("words", [("add", "FILE"), ("remove", "0" * 64, "--reason", "x")])
def test_without_a_folder_of_its_own_the_agency_is_told_which_key_to_set(vanthu: Vanthu, words: tuple[str]) -> None:
    vanthu.configure("")
    file = vanthu.bring(ROOT)
    code, out, err = vanthu("trust", *(file if word == "FILE" else word for word in words))
    assert (code, out) == (78, "")
    assert "signatures.anchors" in err
    assert len(err.splitlines()) == 1


def test_the_list_tells_ends_and_where_a_chain_breaks(vanthu: Vanthu) -> None:
    vanthu.trust.mkdir()
    now = datetime.now(UTC)
    ending = make_root(now - timedelta(days=365 * 30 - 10), "Sắp hết")
    over = make_root(now - timedelta(days=365 * 31), "Đã hết")
    for number, content in enumerate((ending.pem, over.pem, AUTHORITY.pem, SEAL.pem)):
        (vanthu.trust / f"{number}.pem").write_bytes(content)
    found = vanthu.listed()
    assert found["Sắp hết"]["remarks"] == ["sắp hết hạn"]
    assert 8 <= found["Sắp hết"]["days_left"] <= 10
    assert found["Đã hết"]["remarks"] == ["đã hết hạn"]
    assert found["Đã hết"]["days_left"] < 0
    authority = found[described(AUTHORITY.der).name]
    assert (authority["kind"], authority["pinned"], authority["generation"]) == ("intermediate", True, "G2")
    assert authority["issuer_missing"] is True
    assert authority["remarks"] == [f"thiếu chứng thư phát hành: {described(ROOT.der).name}"]
    assert any("không ghi CA" in remark for remark in found[described(SEAL.der).name]["remarks"])
    code, out, _ = vanthu("trust", "list")
    assert code == 0
    for each in found.values():
        assert each["name"] in out
        assert each["sha256"] in out
        assert all(f"  lưu ý: {remark}" in out for remark in each["remarks"])
    vanthu("trust", "add", vanthu.bring(ROOT))
    assert vanthu.listed()[described(AUTHORITY.der).name]["remarks"] == []


def test_what_the_list_prints_for_machines_is_what_the_readme_says(vanthu: Vanthu) -> None:
    vanthu("trust", "add", vanthu.bring(ROOT))
    (row,) = re.findall(r"(?m)^\| trust list \| (.+) \|$", README.read_text(encoding="utf-8"))
    (found,) = vanthu.listed().values()
    assert re.findall(r"`(\w+)`", row) == list(found)


def test_an_empty_list_says_so_and_makes_nothing(vanthu: Vanthu) -> None:
    before = sorted(vanthu.folder.rglob("*"))
    code, out, err = vanthu("trust", "list")
    assert (code, err) == (0, "")
    assert "Chưa có chứng thư nào" in out
    assert vanthu.listed() == {}
    assert sorted(vanthu.folder.rglob("*")) == before


def test_adding_tells_of_an_issuer_that_is_missing_and_of_an_end(vanthu: Vanthu) -> None:
    assert "thiếu chứng thư phát hành" in vanthu("trust", "add", vanthu.bring(AUTHORITY))[1]
    old = make_authority(ROOT, datetime(1990, 1, 1, tzinfo=UTC), "Cũ")
    assert "đã hết hạn" in vanthu("trust", "add", vanthu.bring(old), "--unpinned", "--reason", "chữ ký cũ")[1]


@pytest.mark.parametrize(
    "written", [str, str.upper, lambda digits: digits[:16], lambda digits: f"{digits[:2]}:{digits[2:]}"]
)
def test_a_certificate_is_removed_by_its_hash_with_a_reason(vanthu: Vanthu, written: Any) -> None:
    vanthu("trust", "add", vanthu.bring(ROOT, AUTHORITY))
    digits = described(ROOT.der).sha256
    code, out, err = vanthu("trust", "remove", written(digits), "--reason", "đã thu hồi")
    assert (code, err) == (0, "")
    assert digits in out
    assert load_anchors(vanthu.trust).roots == ()
    assert load_anchors(vanthu.trust).intermediates == (AUTHORITY.der,)
    assert vanthu.journal()[-1] == ("trust.removed", "cli:an", event(ROOT, reason="đã thu hồi"))


@pytest.mark.parametrize(
    ("digits", "code", "said"),
    [("0" * 64, 1, "không có chứng thư nào"), ("0" * 15, 2, "quá ngắn"), ("", 2, "quá ngắn")],
)
def test_what_is_not_there_is_not_removed(vanthu: Vanthu, digits: str, code: int, said: str) -> None:
    vanthu("trust", "add", vanthu.bring(ROOT))
    found, out, err = vanthu("trust", "remove", digits, "--reason", "x")
    assert (found, out) == (code, "")
    assert said in err
    assert len(vanthu.journal()) == 1


def test_nothing_is_trusted_that_the_journal_has_not(vanthu: Vanthu, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_args: object) -> None:
        raise StorageFull("ổ đĩa đầy")

    with monkeypatch.context() as broken:
        broken.setattr(SqlUnit, "record", full)
        code, _, err = vanthu("trust", "add", vanthu.bring(ROOT))
    assert (code, err) == (1, "vanthu: ổ đĩa đầy\n")
    assert list(vanthu.trust.iterdir()) == []
    assert vanthu.journal() == []


def test_a_folder_that_cannot_be_written_is_one_readable_line(vanthu: Vanthu) -> None:
    vanthu.configure('anchors = "/proc/trust"\npins = "pins.toml"')
    code, out, err = vanthu("trust", "add", vanthu.bring(ROOT))
    assert (code, out, len(err.splitlines())) == (78, "", 1)
    assert "signatures.anchors: không ghi được vào /proc/trust" in err
    assert vanthu.journal() == []
