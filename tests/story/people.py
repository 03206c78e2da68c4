"""Who takes part in the day: their mailboxes, their mail programs, their place in the directory. Invented names."""

from __future__ import annotations

from dataclasses import dataclass

_OURS = "quangngai.gov.vn"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a mailbox. `client` is his mail program (tests/replies.py), `signature` what he signs with."""

    name: str
    address: str
    client: str
    signature: str = ""

    @property
    def author(self) -> str:
        """As his program writes From."""
        return f"{self.name} <{self.address}>"


AGENCY = Person("Văn thư Ban Quản lý dự án giao thông", "vanthu@agency.example", "yahoo")
CLERK = Person("Văn thư Sở", f"vanthu-sogtvt@{_OURS}", "thunderbird")
DIRECTOR = Person(
    "Hoàng Việt Phương",
    f"hvphuong-sogtvt@{_OURS}",
    "outlook",
    "Trân trọng,\n\nHoàng Việt Phương\nGiám đốc Sở Giao thông vận tải tỉnh Quảng Ngãi\nĐiện thoại: 0255.3816013\n\n"
    "Thư này và các tệp kèm theo chỉ dành cho người nhận có tên ở trên; nếu nhận nhầm, đề nghị xóa thư và báo lại.",
)
HEAD = Person("Lê Thị Kim Cúc", f"ltkcuc-sogtvt@{_OURS}", "outlook-phone")
UNIT = Person("Phòng Kế hoạch - Tài chính", f"khtc-sogtvt@{_OURS}", "roundcube")
SPECIALIST = Person("Nguyễn Văn Nam", f"nvnam-sogtvt@{_OURS}", "samsung", "Nam, Phòng KHTC")
SECOND_UNIT = Person("Phòng Quản lý vận tải", f"vantai-sogtvt@{_OURS}", "zimbra")
PROVINCE = Person("Ủy ban nhân dân tỉnh", f"ubnd@{_OURS}", "gmail-phone")
IT = Person("Cán bộ công nghệ thông tin", f"cntt-sogtvt@{_OURS}", "thunderbird")

EVERYBODY = (AGENCY, CLERK, DIRECTOR, HEAD, UNIT, SPECIALIST, SECOND_UNIT, PROVINCE, IT)

DIRECTORY = f"""
[[agency]]
code = "ban-qlda"
name = "Ban Quản lý dự án giao thông"
domains = ["agency.example"]

[[agency]]
code = "ubnd"
name = "Ủy ban nhân dân tỉnh Quảng Ngãi"
addresses = ["{PROVINCE.address}"]

[[unit]]
code = "lanh-dao-so"
name = "Lãnh đạo Sở"
short_name = "LĐS"

[[unit]]
code = "khtc"
name = "{UNIT.name}"
short_name = "KHTC"
addresses = ["{UNIT.address}"]

[[unit]]
code = "van-tai"
name = "{SECOND_UNIT.name}"
short_name = "P. Vận tải"
addresses = ["{SECOND_UNIT.address}"]

[[person]]
code = "hvphuong-sogtvt"
name = "{DIRECTOR.name}"
unit = "lanh-dao-so"
roles = ["leader"]
addresses = ["{DIRECTOR.address}"]

[[person]]
code = "ltkcuc-sogtvt"
name = "{HEAD.name}"
unit = "khtc"
roles = ["unit_head"]
addresses = ["{HEAD.address}"]

[[person]]
code = "nvnam-sogtvt"
name = "{SPECIALIST.name}"
unit = "khtc"
roles = ["specialist"]
addresses = ["{SPECIALIST.address}"]

[[person]]
code = "cntt-sogtvt"
name = "{IT.name}"
unit = "lanh-dao-so"
roles = ["it"]
addresses = ["{IT.address}"]
"""
