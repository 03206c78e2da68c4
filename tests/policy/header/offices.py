"""Documents as many offices write them, made up part by part, each with what must be read of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from random import Random

from gateway.model.page import Box, Line, Page

COUNTRY = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
PARTY = ("ĐẢNG CỘNG SẢN VIỆT NAM",)


@dataclass(frozen=True, slots=True)
class Office:
    """Who issues: the lines of the left block, the place, its abbreviation, and who signs.

    `capacities` are ways to sign for it, each the lines above the name. `party` says that it is of the Party.
    """

    superior: tuple[str, ...]
    name: tuple[str, ...]
    place: str
    short: str
    capacities: tuple[tuple[str, ...], ...]
    party: bool = False


_HEAD = (("GIÁM ĐỐC",), ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"))
_CHAIR = (
    ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    ("TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"),
)
_MINISTER = (("BỘ TRƯỞNG",), ("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"), ("TL. BỘ TRƯỞNG", "VỤ TRƯỞNG VỤ PHÁP CHẾ"))
_DIRECTOR = (("CỤC TRƯỞNG",), ("KT. CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG"))

OFFICES = (
    Office(("ỦY BAN NHÂN DÂN", "TỈNH KHÁNH MINH"), ("SỞ XÂY DỰNG",), "Khánh Minh", "SXD", _HEAD),
    Office(("UBND TỈNH KHÁNH MINH",), ("SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"), "Khánh Minh", "SNNMT", _HEAD),
    Office((), ("ỦY BAN NHÂN DÂN", "TỈNH KHÁNH MINH"), "Khánh Minh", "UBND", _CHAIR),
    Office((), ("UBND XÃ ĐỒNG TRÀ",), "Đồng Trà", "UBND", _CHAIR[:2]),
    Office((), ("ỦY BAN NHÂN DÂN", "PHƯỜNG AN PHÚ ĐÔNG"), "An Phú Đông", "UBND", _CHAIR[:2]),
    Office(("UBND TỈNH KHÁNH MINH",), ("VĂN PHÒNG",), "Khánh Minh", "VP", (("CHÁNH VĂN PHÒNG",),)),
    Office((), ("BỘ TÀI CHÍNH",), "Hà Nội", "BTC", _MINISTER),
    Office((), ("BỘ VĂN HÓA, THỂ THAO", "VÀ DU LỊCH"), "Hà Nội", "BVHTTDL", _MINISTER),
    Office(("BỘ XÂY DỰNG",), ("CỤC ĐƯỜNG BỘ VIỆT NAM",), "Hà Nội", "CĐBVN", _DIRECTOR),
    Office(("BỘ TÀI CHÍNH",), ("KHO BẠC NHÀ NƯỚC KHU VỰC XIV",), "Đà Nẵng", "KBNN", _HEAD),
    Office(("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",), ("CHI CỤC KIỂM LÂM",), "Khánh Minh", "CCKL", (("CHI CỤC TRƯỞNG",),)),
    Office(
        ("BỘ GIÁO DỤC VÀ ĐÀO TẠO",),
        ("TRƯỜNG ĐẠI HỌC AN BÌNH",),
        "Đà Nẵng",
        "ĐHAB",
        (("HIỆU TRƯỞNG",), ("KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG")),
    ),
    Office(("SỞ Y TẾ",), ("BỆNH VIỆN ĐA KHOA", "TỈNH KHÁNH MINH"), "Khánh Minh", "BVĐK", _HEAD),
    Office(
        (),
        ("CÔNG TY CỔ PHẦN", "XÂY DỰNG GIAO THÔNG KHÁNH MINH"),
        "Khánh Minh",
        "XDGT",
        (("GIÁM ĐỐC",), ("TỔNG GIÁM ĐỐC",)),
    ),
    Office(("TẬP ĐOÀN ĐIỆN LỰC VIỆT NAM",), ("CÔNG TY ĐIỆN LỰC KHÁNH MINH",), "Khánh Minh", "PC", _HEAD),
    Office(
        ("QUÂN KHU 5",),
        ("BỘ CHỈ HUY QUÂN SỰ", "TỈNH KHÁNH MINH"),
        "Khánh Minh",
        "BCH",
        (("CHỈ HUY TRƯỞNG",), ("CHÍNH ỦY",)),
    ),
    Office(("BỘ CÔNG AN",), ("CÔNG AN TỈNH KHÁNH MINH",), "Khánh Minh", "CAT", _HEAD),
    Office(
        (),
        ("TÒA ÁN NHÂN DÂN", "TỈNH KHÁNH MINH"),
        "Khánh Minh",
        "TA",
        (("CHÁNH ÁN",), ("KT. CHÁNH ÁN", "PHÓ CHÁNH ÁN")),
    ),
    Office(
        (),
        ("VIỆN KIỂM SÁT NHÂN DÂN", "TỈNH KHÁNH MINH"),
        "Khánh Minh",
        "VKS",
        (("VIỆN TRƯỞNG",), ("KT. VIỆN TRƯỞNG", "PHÓ VIỆN TRƯỞNG")),
    ),
    Office(
        (),
        ("HỘI ĐỒNG NHÂN DÂN", "TỈNH KHÁNH MINH"),
        "Khánh Minh",
        "HĐND",
        (("CHỦ TỊCH",), ("TM. THƯỜNG TRỰC HĐND", "PHÓ CHỦ TỊCH")),
    ),
    Office(
        ("TỈNH ỦY KHÁNH MINH",),
        ("BAN TUYÊN GIÁO VÀ DÂN VẬN",),
        "Khánh Minh",
        "BTGDVTU",
        (("K/T TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"), ("TRƯỞNG BAN",)),
        True,
    ),
    Office(
        ("ĐẢNG BỘ TỈNH KHÁNH MINH",),
        ("ĐẢNG ỦY SỞ XÂY DỰNG",),
        "Khánh Minh",
        "ĐU",
        (("T/M ĐẢNG ỦY", "BÍ THƯ"), ("T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ")),
        True,
    ),
    Office(
        ("LIÊN ĐOÀN LAO ĐỘNG TỈNH KHÁNH MINH",),
        ("CÔNG ĐOÀN NGÀNH XÂY DỰNG",),
        "Khánh Minh",
        "CĐN",
        (("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"),),
    ),
    Office((), ("BẢO HIỂM XÃ HỘI", "TỈNH KHÁNH MINH"), "Khánh Minh", "BHXH", _HEAD),
    Office(
        ("UBND TỈNH KHÁNH MINH",),
        ("BAN QUẢN LÝ DỰ ÁN ĐẦU TƯ", "XÂY DỰNG CÁC CÔNG TRÌNH", "GIAO THÔNG"),
        "Khánh Minh",
        "BQLDA",
        _HEAD,
    ),
    Office(
        (),
        ("THANH TRA TỈNH KHÁNH MINH",),
        "Khánh Minh",
        "TTr",
        (("CHÁNH THANH TRA",), ("KT. CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA")),
    ),
    Office((), ("ĐÀI PHÁT THANH VÀ TRUYỀN HÌNH", "KHÁNH MINH"), "Khánh Minh", "PTTH", (("GIÁM ĐỐC",),)),
    Office(("CỤC HÀNG HẢI VÀ", "ĐƯỜNG THỦY VIỆT NAM"), ("CẢNG VỤ HÀNG HẢI KHÁNH MINH",), "Khánh Minh", "CVHHKM", _HEAD),
    Office(("CỤC ĐƯỜNG BỘ VIỆT NAM",), ("KHU QUẢN LÝ ĐƯỜNG BỘ III",), "Đà Nẵng", "KQLĐBIII", _HEAD),
    Office(
        (), ("HỘI CỰU CHIẾN BINH", "TỈNH KHÁNH MINH"), "Khánh Minh", "CCB", (("TM. BAN THƯỜNG VỤ", "PHÓ CHỦ TỊCH"),)
    ),
)
NAMES = (
    ("Lý Thị Hoài Ân", "Lý Thị Hoài Ân"),
    ("Nguyễn Ba", "Nguyễn Ba"),
    ("PGS.TS. Trần Văn Minh", "Trần Văn Minh"),
    ("TS. Bùi Hữu Đức", "Bùi Hữu Đức"),
    ("Thượng tá Phan Quốc Việt", "Phan Quốc Việt"),
    ("Đại tá, ThS. Hồ Xuân Lộc", "Hồ Xuân Lộc"),
    ("BSCKII. Đỗ Thị Như Ý", "Đỗ Thị Như Ý"),
    ("Tôn Nữ Thị Ngọc Hà", "Tôn Nữ Thị Ngọc Hà"),
    ("Y Thông", "Y Thông"),
    ("H'Yim Kđoh", "H'Yim Kđoh"),
    ("ĐẶNG VĂN HÙNG", "Đặng Văn Hùng"),
    ("Trương Công Đoàn", "Trương Công Đoàn"),
)
ABSTRACTS = (
    ("Về việc kiện toàn Tổ kiểm tra", "nội bộ năm 2026"),
    ("Về việc phê duyệt dự toán gói thầu số 05/XL",),
    ("Tổng kết công tác cải cách hành chính", "và chuyển đổi số của tỉnh Khánh Minh;", "nhiệm vụ 6 tháng cuối năm"),
    ("Triển khai Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020", "của Chính phủ về công tác văn thư"),
)
TYPES = (
    ("QUYẾT ĐỊNH", "Quyết định", "QĐ"),
    ("CHỈ THỊ", "Chỉ thị", "CT"),
    ("THÔNG BÁO", "Thông báo", "TB"),
    ("HƯỚNG DẪN", "Hướng dẫn", "HD"),
    ("CHƯƠNG TRÌNH", "Chương trình", "CTr"),
    ("KẾ HOẠCH", "Kế hoạch", "KH"),
    ("PHƯƠNG ÁN", "Phương án", "PA"),
    ("ĐỀ ÁN", "Đề án", "ĐA"),
    ("DỰ ÁN", "Dự án", "DA"),
    ("BÁO CÁO", "Báo cáo", "BC"),
    ("BIÊN BẢN", "Biên bản", "BB"),
    ("TỜ TRÌNH", "Tờ trình", "TTr"),
    ("HỢP ĐỒNG", "Hợp đồng", "HĐ"),
    ("CÔNG ĐIỆN", "Công điện", "CĐ"),
    ("BẢN GHI NHỚ", "Bản ghi nhớ", "GN"),
    ("BẢN THỎA THUẬN", "Bản thỏa thuận", "TTh"),
    ("GIẤY ỦY QUYỀN", "Giấy ủy quyền", "UQ"),
    ("GIẤY MỜI", "Giấy mời", "GM"),
    ("GIẤY GIỚI THIỆU", "Giấy giới thiệu", "GGT"),
    ("PHIẾU GỬI", "Phiếu gửi", "PG"),
    ("PHIẾU CHUYỂN", "Phiếu chuyển", "PC"),
    ("PHIẾU BÁO", "Phiếu báo", "PB"),
    ("QUY CHẾ", "Quy chế", "QC"),
    ("QUY ĐỊNH", "Quy định", "QyĐ"),
    ("THÔNG CÁO", "Thông cáo", "TC"),
    ("NGHỊ QUYẾT", "Nghị quyết", "NQ"),
    ("GIẤY CHỨNG NHẬN", "Giấy chứng nhận", "CN"),
)
FIELDS = ("V", "QLN", "TCHC", "KGVX", "TTHC", "VP", "KHTC&ĐT")
NUMBERS = ("07", "955", "12a", "1205", "3", "66.15")


@dataclass(frozen=True, slots=True)
class Made:
    """A document: its pages, and each field as it must be read; `how` names the parts, for people."""

    pages: tuple[Page, ...]
    expected: dict[str, object]
    how: str


@dataclass(frozen=True, slots=True)
class _Head:
    left: tuple[str, ...]
    right: tuple[str, ...]
    number: str
    place: str
    subject: tuple[str, ...]


def made(seed: int) -> Made:
    """The document of that number: the same one each time."""
    pick = Random(seed)
    office = pick.choice(OFFICES)
    letter = pick.random() < 0.4
    heading, kind, short = ("", "Công văn", "") if letter else pick.choice(TYPES)
    number, on = pick.choice(NUMBERS), date(pick.randint(2011, 2026), pick.randint(1, 12), pick.randint(1, 28))
    field = pick.choice(FIELDS)
    if office.party:
        label, notation = pick.choice(("Số ", "Số: ")), f"{short or 'CV'}/{office.short}"
        printed = f"{label}{number}-{notation}"
    else:
        notation = f"{office.short}-{field}" if letter else f"{short}-{office.short}"
        if not letter and kind in {"Quyết định", "Chỉ thị", "Nghị quyết"} and pick.random() < 0.3:
            notation = f"{on.year}/{notation}"
        printed = f"{pick.choice(('Số: ', 'Số ', 'Số:'))}{number}{pick.choice(('/', '/', ' /', '/ ', ' / '))}{notation}"
    abstract = pick.choice(ABSTRACTS)
    subject = (f"V/v {abstract[0].removeprefix('Về việc ')}", *abstract[1:]) if letter else ()
    place = pick.choice(
        (
            f"{office.place}, ngày {on.day:02} tháng {on.month:02} năm {on.year}",
            f"{office.place}, ngày {on.day} tháng {on.month} năm {on.year}",
        )
    )
    head = _Head((*office.superior, *office.name), PARTY if office.party else COUNTRY, printed, place, subject)
    capacity, (name, signer) = pick.choice(office.capacities), pick.choice(NAMES)
    layout_name, layout = pick.choice(tuple(LAYOUTS.items()))
    lines = layout(head, _rest(pick, heading, abstract, letter=letter), (capacity, name))
    noise_name, noise = pick.choice(tuple(NOISES.items()))
    text = tuple(Line(noise(line.text), line.box) for line in lines)
    expected: dict[str, object] = {
        "number": number,
        "notation": notation,
        "issued_on": on,
        "document_type": kind,
        "abstract": " ".join(subject or abstract),
        "issuer": " ".join(office.name),
        "superior": " ".join(office.superior) or None,
        "signer": signer,
        "capacity": " / ".join(capacity),
        "recipients": "Như trên; Lãnh đạo cơ quan; Các đơn vị liên quan; Cổng TTĐT",
        "addressee": "Sở Tài chính; Ủy ban nhân dân các xã, phường" if letter else None,
    }
    return Made((Page(1, text),), expected, f"{seed}: {layout_name}, {noise_name}, {printed}")


def _rest(pick: Random, heading: str, abstract: Sequence[str], *, letter: bool) -> tuple[str, ...]:
    """What stands between the head and the end of the text."""
    body = (
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;" if not letter else "",
        "Thực hiện Công văn số 99/BXD-KH ngày 01 tháng 11 năm 2010 của Bộ Xây dựng, đề nghị các đơn vị phối hợp.",
        "Nội dung cụ thể như sau: các đơn vị rà soát, cập nhật số liệu theo mẫu gửi kèm./.",
    )
    if letter:
        return ("Kính gửi:", "- Sở Tài chính;", "- Ủy ban nhân dân các xã, phường.", *body[1:])
    title = (heading, *abstract)
    return (*title, pick.choice(("", "_______")), *body)


RECIPIENTS = (
    "Nơi nhận:",
    "- Như trên;",
    "- Lãnh đạo cơ quan;",
    "- Các đơn vị liên quan;",
    "- Cổng TTĐT;",
    "- Lưu: VT, TH.",
)
_Signed = tuple[tuple[str, ...], str]


def _linear(head: _Head, rest: Sequence[str], signed: _Signed) -> list[Line]:
    """Block after block, as published pages have them."""
    titles, name = signed
    return _plain(
        [*head.left, head.number, *head.subject, *head.right, head.place, *rest, *RECIPIENTS, *titles, "(Đã ký)", name]
    )


def _motto_first(head: _Head, rest: Sequence[str], signed: _Signed) -> list[Line]:
    titles, name = signed
    return _plain([*head.right, *head.left, head.number, head.place, *head.subject, *rest, *titles, name, *RECIPIENTS])


def _number_below(head: _Head, rest: Sequence[str], signed: _Signed) -> list[Line]:
    titles, name = signed
    return _plain(
        [
            *head.left,
            "-------",
            *head.right,
            "---------------",
            head.number,
            head.place,
            *head.subject,
            *rest,
            *RECIPIENTS,
            *titles,
            "",
            "",
            name,
        ]
    )


def _spaced(head: _Head, rest: Sequence[str], signed: _Signed) -> list[Line]:
    """Two columns kept apart by spaces."""
    return _plain(
        [f"{left:<44}      {right}".rstrip() for left, right in _rows(head)]
        + [f"   {line}" for line in rest]
        + [f"  {left:<50}      {right}".rstrip() for left, right in _end(signed)]
    )


def _tabbed(head: _Head, rest: Sequence[str], signed: _Signed) -> list[Line]:
    """The cells of a table, row by row."""
    return _plain(
        [f"{left}\t{right}" for left, right in _rows(head)]
        + list(rest)
        + [f"{left}\t{right}" for left, right in _end(signed)]
    )


def _placed(head: _Head, rest: Sequence[str], signed: _Signed) -> list[Line]:
    """Lines with their places, left and right apart."""
    lines: list[Line] = []
    top = 0.05
    for left, right in _rows(head):
        lines += [Line(text, _box(text, centre, top)) for text, centre in ((left, 0.28), (right, 0.7)) if text]
        top += 0.02
    for text in rest:
        lines.append(Line(text, Box(0.15, top, 0.9 if len(text) > 60 else 0.85, top + 0.015)))
        top += 0.02
    for left, right in _end(signed):
        lines += [Line(left, Box(0.15, top, 0.15 + 0.009 * len(left), top + 0.012))] if left else []
        lines += [Line(right, _box(right, 0.72, top))] if right else []
        top += 0.018
    return lines


def _box(text: str, centre: float, top: float) -> Box:
    half = 0.0055 * len(text)
    return Box(max(0.02, centre - half), top, min(0.98, centre + half), top + 0.014)


def _rows(head: _Head) -> list[tuple[str, str]]:
    above = list(zip_longest(head.left, head.right, fillvalue=""))
    below = list(zip_longest((head.number, *head.subject), (head.place,), fillvalue=""))
    return [*above, ("", ""), *below, ("", "")]


def _end(signed: _Signed) -> list[tuple[str, str]]:
    titles, name = signed
    right = [*titles, *[""] * (len(RECIPIENTS) + 1 - len(titles)), name]
    return list(zip_longest(RECIPIENTS, right, fillvalue=""))


def _plain(texts: Sequence[str]) -> list[Line]:
    return [Line(text) for text in texts]


LAYOUTS: dict[str, Callable[[_Head, Sequence[str], _Signed], list[Line]]] = {
    "linear": _linear,
    "motto first": _motto_first,
    "number below": _number_below,
    "spaced": _spaced,
    "tabbed": _tabbed,
    "placed": _placed,
}
NOISES: dict[str, Callable[[str], str]] = {
    "clean": lambda text: text,
    "clean again": lambda text: text,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "icelandic letter": lambda text: text.replace("Đ", "\u00d0"),
    "cyrillic": lambda text: text.replace("С", "C").replace("C", "\u0421") if "/" in text else text,
    "marks of direction": lambda text: text.replace("/", "/\u200e").replace(" ngày", "\u200b ngày"),
    "no-break spaces": lambda text: text.replace("Số: ", "Số:\u00a0").replace(" tháng", "\u00a0tháng"),
    "en dashes": lambda text: text.replace("-", "–") if text.startswith("Số") or "Tự do" in text else text,
}
