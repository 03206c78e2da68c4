"""The directory as the clerk meets it on the command line: checked, imported, listed; and the accounts of people."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.main import main
from gateway.cli.output import console

DIRECTORY = """
[[agency]]
code = "ubnd"
name = "Ủy ban nhân dân tỉnh"
addresses = ["UBND@quangngai.gov.vn"]
networks = ["192.0.2.0/24"]

[[agency]]
code = "so-xd"
name = "Sở Xây dựng"
domains = ["soxaydung.example"]

[[unit]]
code = "van-phong"
name = "Văn phòng Sở"

[[person]]
code = "ltkcuc-sogtvt"
name = "Lê Thị Kim Cúc"
unit = "van-phong"
roles = ["clerk", "leader"]
addresses = ["cuc@example.vn"]
"""
ADDED = {
    "ltkcuc-sogtvt": "thêm cá nhân ltkcuc-sogtvt (Lê Thị Kim Cúc), thuộc van-phong, "
    "vai trò văn thư Sở, người có thẩm quyền: cuc@example.vn",
    "so-xd": "thêm cơ quan so-xd (Sở Xây dựng): soxaydung.example",
    "ubnd": "thêm cơ quan ubnd (Ủy ban nhân dân tỉnh): ubnd@quangngai.gov.vn, 192.0.2.0/24",
    "van-phong": "thêm đơn vị van-phong (Văn phòng Sở): không có địa chỉ",
}


class Vanthu:
    """Runs commands in this process, in a folder with a configuration and a directory of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._monkeypatch, self._capsys = folder, monkeypatch, capsys
        self.file = folder / "directory.toml"
        self.file.write_text(DIRECTORY, encoding="utf-8")
        (folder / "trust").mkdir()
        self.configure("")

    def configure(self, senders: str) -> None:
        (self.folder / "gateway.toml").write_text(
            '[relay]\nmaildir = "maildir"\n[store]\ndatabase = "db/gateway.db"\nblobs = "blobs"\n'
            f'[signatures]\nanchors = "trust"\n[log]\nlevel = "error"\n[senders]\n{senders}\n',
            encoding="utf-8",
        )

    def __call__(self, *words: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        config = str(self.folder / "gateway.toml")
        self._monkeypatch.setattr(sys, "argv", ["vanthu", *words, "--config", config])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    def objects(self, *words: str) -> list[dict[str, Any]]:
        code, out, err = self(*words, "--json")
        assert (code, err) == (0, "")
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def vanthu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vanthu:
    monkeypatch.setattr(console, "_width", 400)
    monkeypatch.setattr(console, "_height", 50)
    return Vanthu(tmp_path, monkeypatch, capsys)


def test_a_check_tells_what_an_import_would_change_and_leaves_no_trace(vanthu: Vanthu) -> None:
    before = sorted(vanthu.folder.rglob("*"))
    code, out, err = vanthu("directory", "check", str(vanthu.file))
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "Danh bạ đúng: 2 cơ quan, 1 đơn vị, 1 cá nhân.",
        *(f"  {text}" for text in ADDED.values()),
    ]
    assert sorted(vanthu.folder.rglob("*")) == before


def test_an_import_is_what_the_check_said_and_the_list_shows_it(vanthu: Vanthu) -> None:
    told = vanthu.objects("directory", "check", str(vanthu.file))
    assert told == [{"change": "added", "code": code, "text": text} for code, text in ADDED.items()]
    assert vanthu.objects("directory", "import", str(vanthu.file)) == told
    listed = {party["code"]: party for party in vanthu.objects("directory", "list")}
    assert list(listed) == sorted(ADDED)
    assert listed["ubnd"] == {
        "code": "ubnd",
        "kind": "agency",
        "name": "Ủy ban nhân dân tỉnh",
        "addresses": ["ubnd@quangngai.gov.vn"],
        "domains": [],
        "networks": ["192.0.2.0/24"],
        "unit": None,
        "short_name": None,
        "roles": [],
        "absences": [],
    }
    assert listed["ltkcuc-sogtvt"]["unit"] == "van-phong"
    assert listed["ltkcuc-sogtvt"]["roles"] == ["clerk", "leader"]
    code, out, _ = vanthu("directory", "list")
    assert code == 0
    assert out.startswith("Danh bạ ")
    assert all(word in out for word in ADDED)


def test_a_second_import_changes_only_what_differs(vanthu: Vanthu) -> None:
    vanthu("directory", "import", str(vanthu.file))
    code, out, _ = vanthu("directory", "import", str(vanthu.file))
    assert (code, out.splitlines()[-1]) == (0, "Không có gì thay đổi.")
    assert vanthu.objects("directory", "import", str(vanthu.file)) == []
    vanthu.file.write_text(DIRECTORY.replace("soxaydung.example", ".soxaydung.example"), encoding="utf-8")
    (change,) = vanthu.objects("directory", "check", str(vanthu.file))
    assert change["text"] == (
        "sửa cơ quan so-xd (Sở Xây dựng): thêm tên miền .soxaydung.example; bỏ tên miền soxaydung.example"
    )
    assert vanthu.objects("directory", "import", str(vanthu.file)) == [change]
    code, out, _ = vanthu("audit", "verify")
    assert code == 0
    assert "7 sự kiện" in out


def test_the_file_of_the_configuration_is_the_one_meant(vanthu: Vanthu) -> None:
    for command in ("check", "import"):
        code, out, err = vanthu("directory", command)
        assert (code, out) == (2, "")
        assert (
            err
            == "vanthu: chưa có tệp danh bạ; hãy ghi tên tệp sau lệnh, hoặc ghi khóa senders.directory trong cấu hình\n"
        )
    vanthu.configure('directory = "directory.toml"')
    assert len(vanthu.objects("directory", "check")) == len(ADDED)
    vanthu.configure('directory = "khong-co.toml"')
    code, out, err = vanthu("directory", "check")
    assert (code, out) == (1, "")
    assert "khong-co.toml" in err
    assert "không đọc được tệp" in err


@pytest.mark.parametrize("command", ["check", "import"])
def test_every_fault_is_a_line_and_nothing_is_imported(vanthu: Vanthu, command: str) -> None:
    vanthu.file.write_text(
        DIRECTORY.replace("soxaydung.example", "gmail.com").replace("cuc@example.vn", "sgtvt@quangngai.gov.vn"), "utf-8"
    )
    code, out, err = vanthu("directory", command, str(vanthu.file))
    assert (code, out) == (1, "")
    first, second, *faults = err.splitlines()
    assert (first, second) == ("vanthu: danh bạ sai.", f"{vanthu.file}:")
    assert [fault.partition(" = ")[0] for fault in faults] == [
        "agency[2] (so-xd).domains[1]",
        "person[1] (ltkcuc-sogtvt).addresses[1]",
    ]
    assert not (vanthu.folder / "db").exists()


def test_a_file_that_is_no_toml_is_told_with_its_line(vanthu: Vanthu) -> None:
    vanthu.file.write_text("[[agency]]\ncode = ubnd\n", encoding="utf-8")
    code, _, err = vanthu("directory", "check", str(vanthu.file))
    assert code == 1
    assert "dòng 2" in err


def test_an_agency_that_no_mail_can_come_from_is_noticed(vanthu: Vanthu) -> None:
    vanthu.file.write_text('[[agency]]\ncode = "x"\nname = "Cơ quan X"\n', encoding="utf-8")
    code, out, err = vanthu("directory", "check", str(vanthu.file))
    assert code == 0
    assert "thêm cơ quan x" in out
    assert err.startswith("lưu ý: cơ quan x (Cơ quan X) không có addresses và domains")


AWAY = """
[[person]]
code = "hung"
name = "Nguyễn Văn Hùng"
short_name = "Hùng"
unit = "van-phong"
addresses = ["hung@example.vn"]

[[absence]]
person = "ltkcuc-sogtvt"
since = 2026-11-24
until = 2026-11-28
deputy = "hung"
"""


def test_absences_are_imported_told_and_listed_with_their_person(vanthu: Vanthu) -> None:
    vanthu("directory", "import", str(vanthu.file))
    vanthu.file.write_text(DIRECTORY + AWAY, encoding="utf-8")
    assert [change["text"] for change in vanthu.objects("directory", "import", str(vanthu.file))] == [
        "thêm cá nhân hung (Nguyễn Văn Hùng), thuộc van-phong, gọi tắt Hùng: hung@example.vn",
        "sửa cá nhân ltkcuc-sogtvt (Lê Thị Kim Cúc): thêm vắng mặt từ 24/11/2026 đến hết 28/11/2026, hung thay",
    ]
    listed = {party["code"]: party for party in vanthu.objects("directory", "list")}
    assert listed["hung"]["short_name"] == "Hùng"
    assert listed["ltkcuc-sogtvt"]["absences"] == [{"since": "2026-11-24", "until": "2026-11-28", "deputy": "hung"}]
    code, out, _ = vanthu("directory", "list")
    assert code == 0
    assert "Nguyễn Văn Hùng (Hùng)" in out
    assert "28/11/2026" in out
    code, out, _ = vanthu("directory", "check", str(vanthu.file))
    assert out.splitlines()[0] == "Danh bạ đúng: 2 cơ quan, 1 đơn vị, 2 cá nhân, 1 kỳ vắng mặt."


def test_a_check_tells_whose_code_is_not_his_account_and_an_import_does_not(vanthu: Vanthu) -> None:
    vanthu.file.write_text(DIRECTORY + AWAY, encoding="utf-8")
    code, _, err = vanthu("directory", "check", str(vanthu.file))
    assert code == 0
    assert err == (
        "lưu ý: cá nhân hung (Nguyễn Văn Hùng, van-phong): "
        "mã không phải là tài khoản theo Điều 4 khoản 2 điểm a (nvhung-sogtvt).\n"
    )
    assert vanthu("directory", "import", str(vanthu.file))[::2] == (0, "")


def test_the_account_of_a_name_needs_no_database(vanthu: Vanthu) -> None:
    code, out, err = vanthu("account", "name", "Lê Thị Kim Cúc")
    assert (code, err) == (0, "")
    assert out == "ltkcuc-sogtvt  ltkcuc-sogtvt@quangngai.gov.vn  Lê Thị Kim Cúc\n"
    assert not (vanthu.folder / "db").exists()


def test_an_account_in_the_directory_or_just_given_is_not_given_again(vanthu: Vanthu) -> None:
    vanthu("directory", "import", str(vanthu.file))
    code, out, err = vanthu("account", "name", "Lê Thị Kim Cúc", "Lê Thị Kim Cúc")
    assert (code, [line.split()[0] for line in out.splitlines()]) == (0, ["ltkcuc2-sogtvt", "ltkcuc3-sogtvt"])
    assert "lưu ý: ltkcuc-sogtvt đã dùng: cá nhân ltkcuc-sogtvt (Lê Thị Kim Cúc, van-phong)" in err
    assert "lưu ý: ltkcuc2-sogtvt đã dùng: vừa đặt cho Lê Thị Kim Cúc" in err
    (told,) = vanthu.objects("account", "name", "Lê Thị Kim Cúc")
    assert list(told) == ["account", "address", "name", "notes", "clashes"]
    assert told["address"] == "ltkcuc2-sogtvt@quangngai.gov.vn"
    assert told["clashes"] == ["ltkcuc-sogtvt"]


def test_a_name_without_an_account_is_told_and_the_others_are_given(vanthu: Vanthu) -> None:
    code, out, err = vanthu("account", "name", "Lê Văn 5", "", "Trần An")
    assert (code, out.split()[0]) == (1, "tan-sogtvt")
    assert [line.partition(";")[0] for line in err.splitlines()] == [
        "vanthu: “5” có “5” không phải chữ cái Latinh",
        "vanthu: chưa có họ tên",
    ]


def test_listing_makes_no_database(vanthu: Vanthu) -> None:
    code, out, err = vanthu("directory", "list")
    assert (code, out) == (1, "")
    assert err.startswith("vanthu: chưa có cơ sở dữ liệu ")
    assert not (vanthu.folder / "db").exists()
