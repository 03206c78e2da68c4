"""Who takes part in the demonstration: senders, the people of the agency, and what their domains say in the DNS."""

from __future__ import annotations

from gateway.model.directory import Directory, Party, PartyKind, Role

SENDER = "vanthu@so-trinh-dien.example.vn"
STRANGER = "lienhe@cong-ty.example.vn"
CLERK = "vanthu-sogtvt@quangngai.gov.vn"
DIRECTOR = "hvphuong-sogtvt@quangngai.gov.vn"
HEAD = "tvbinh-sogtvt@quangngai.gov.vn"
PROVINCE = "ubnd@quangngai.gov.vn"
"""The clerk and the province as the shipped configuration names them (`mail.clerks`, `submissions.recipient`)."""
SERVER, OTHER_SERVER, OWN_SERVER = "127.0.0.2", "127.0.0.1", "127.0.0.3"
"""Where the sender's own mail server sends from, where somebody else does, and where the agency's people do."""

NAMES = {
    "so-trinh-dien.example.vn": f"v=spf1 ip4:{SERVER} -all",
    "_dmarc.so-trinh-dien.example.vn": "v=DMARC1; p=reject",
    "cong-ty.example.vn": f"v=spf1 ip4:{OTHER_SERVER} -all",
    "quangngai.gov.vn": f"v=spf1 ip4:{OWN_SERVER} -all",
    "_dmarc.quangngai.gov.vn": "v=DMARC1; p=reject",
}
"""What the domains say in the DNS of who sends their mail (RFC 7208, RFC 7489)."""


def _unit(code: str, name: str, short_name: str) -> Party:
    return Party(code, PartyKind.UNIT, name, short_name=short_name)


def _person(code: str, name: str, unit: str, role: Role) -> Party:
    return Party(code, PartyKind.PERSON, name, (f"{code}@quangngai.gov.vn",), parent=unit, roles=(role,))


DIRECTORY = Directory(
    (
        Party("std", PartyKind.AGENCY, "Sở Trình diễn", addresses=(SENDER,)),
        Party("ubnd", PartyKind.AGENCY, "Ủy ban nhân dân tỉnh Quảng Ngãi", addresses=(PROVINCE,)),
        _unit("van-phong", "Văn phòng Sở", "VP"),
        _unit("van-tai", "Phòng Quản lý vận tải", "P. Vận tải"),
        _unit("khtc", "Phòng Kế hoạch - Tài chính", "P. KHTC"),
        _person("hvphuong-sogtvt", "Hoàng Việt Phương", "van-phong", Role.LEADER),
        _person("tvbinh-sogtvt", "Trần Văn Bình", "van-tai", Role.UNIT_HEAD),
        _person("nvnam-sogtvt", "Nguyễn Văn Nam", "van-tai", Role.SPECIALIST),
        _person("lhnam-sogtvt", "Lê Hoài Nam", "van-tai", Role.SPECIALIST),
        _person("ltkcuc-sogtvt", "Lê Thị Kim Cúc", "khtc", Role.UNIT_HEAD),
    )
)
"""Names made up; two are called Nam, so that an order may be unclear."""
NAMES_OF = {address: party.name for party in DIRECTORY.parties for address in party.addresses} | {
    CLERK: "Văn thư Sở",
    PROVINCE: "Văn phòng UBND tỉnh",
}
"""How each signs his mails."""
