"""Documents by the million: varied, like those of a provincial office, and always the same for the same number."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from gateway.model.searchable import Searched, SearchEntry, entry_of

UNITS = ("van-phong", "ke-hoach", "van-tai", "ha-tang", "thanh-tra", "to-chuc", "quan-ly-nguoi-lai", "tai-chinh")
PER_YEAR = 100_000
FIRST_YEAR = 2016
_TYPES = (
    ("Công văn", ""),
    ("Quyết định", "QĐ"),
    ("Báo cáo", "BC"),
    ("Tờ trình", "TTr"),
    ("Kế hoạch", "KH"),
    ("Thông báo", "TB"),
    ("Giấy mời", "GM"),
    ("Biên bản", "BB"),
)
_ISSUERS = (
    ("Ủy ban nhân dân tỉnh Quảng Ngãi", "UBND"),
    ("Sở Giao thông vận tải", "SGTVT"),
    ("Sở Xây dựng", "SXD"),
    ("Sở Tài chính", "STC"),
    ("Sở Nội vụ", "SNV"),
    ("Sở Kế hoạch và Đầu tư", "SKHĐT"),
    ("Sở Tài nguyên và Môi trường", "STNMT"),
    ("Ban Quản lý dự án đầu tư xây dựng các công trình giao thông", "BQLDA"),
    ("Công an tỉnh Quảng Ngãi", "CAT"),
    ("Thanh tra tỉnh", "TTT"),
)
_DISTRICTS = (
    *("Ba Tơ", "Bình Sơn", "Đức Phổ", "Lý Sơn", "Minh Long", "Mộ Đức", "Nghĩa Hành"),
    *("Sơn Hà", "Sơn Tây", "Sơn Tịnh", "Trà Bồng", "Tư Nghĩa"),
)
_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ")
_GIVEN = ("Văn An", "Thị Hòa", "Quốc Bình", "Minh Châu", "Thanh Dũng", "Ngọc Hà", "Đình Khôi", "Thúy Loan", "Hữu Phước")
_SUBJECTS = (
    "báo cáo tình hình thực hiện kế hoạch bảo đảm trật tự an toàn giao thông",
    "thẩm định thiết kế bản vẽ thi công và dự toán",
    "phê duyệt kết quả lựa chọn nhà thầu",
    "tăng cường kiểm soát tải trọng phương tiện",
    "cấp phép thi công công trình thiết yếu trong phạm vi đất dành cho đường bộ",
    "xử lý điểm tiềm ẩn tai nạn giao thông",
    "góp ý dự thảo quy chế phối hợp",
    "bổ sung kinh phí quản lý, bảo trì đường địa phương",
    "mời họp Hội đồng thẩm định",
    "giải quyết kiến nghị của cử tri",
    "công bố danh mục thủ tục hành chính",
    "đào tạo, sát hạch, cấp giấy phép lái xe",
)
_SENTENCES = (
    "Căn cứ Luật Giao thông đường bộ ngày 13 tháng 11 năm 2008;",
    "Thực hiện chỉ đạo của Ủy ban nhân dân tỉnh tại công văn nêu trên,",
    "đề nghị các đơn vị có liên quan khẩn trương triển khai thực hiện.",
    "Trong quá trình thực hiện nếu có vướng mắc, kịp thời báo cáo để được hướng dẫn.",
    "Kết quả thực hiện gửi về Văn phòng Sở trước ngày quy định để tổng hợp.",
    "Nguồn vốn đầu tư từ ngân sách tỉnh và các nguồn hợp pháp khác.",
    "Hồ sơ thiết kế phải được cơ quan chuyên môn về xây dựng thẩm định.",
    "Lực lượng chức năng xử phạt vi phạm hành chính theo thẩm quyền.",
    "Nhà thầu chịu trách nhiệm về chất lượng, tiến độ và an toàn lao động.",
    "Mặt đường bê tông xi măng, nền đường rộng 7,5 mét, hệ thống thoát nước dọc.",
    "Đơn vị tư vấn giám sát lập nhật ký và báo cáo hằng tuần.",
    "Người dân trong vùng dự án được bồi thường, hỗ trợ, tái định cư.",
    "Phương tiện vận tải hành khách phải lắp thiết bị giám sát hành trình.",
    "Thanh tra Sở phối hợp Công an huyện kiểm tra đột xuất bến thủy nội địa.",
    "Trung tâm sát hạch bảo đảm cơ sở vật chất và đội ngũ giáo viên.",
    "Mưa lũ gây sạt lở taluy dương, ách tắc cục bộ trên tuyến.",
    "Biển báo hiệu, vạch sơn kẻ đường và hộ lan mềm cần thay thế.",
    "Chủ đầu tư quyết toán vốn dự án hoàn thành đúng thời hạn.",
)


@dataclass(frozen=True, slots=True)
class Archived:
    """A document of the archive, the `id`-th; `arrived_at` grows with it."""

    id: int
    year: int
    arrival_number: int
    arrived_at: datetime
    number: str
    notation: str
    issued_on: date
    document_type: str
    abstract: str
    issuer: str
    signer: str
    sender: str
    text: str
    unit: str
    finished: bool
    deadline: datetime

    @property
    def entry(self) -> SearchEntry:
        """Its row of the index."""
        day = f"{self.issued_on:%d/%m/%Y}"
        in_words = f"ngày {self.issued_on.day} tháng {self.issued_on.month} năm {self.issued_on.year}"
        return entry_of(
            Searched(
                id=self.id,
                book="den",
                year=self.year,
                direction="in",
                sender=self.sender,
                number=self.number,
                notation=self.notation,
                issued_on=self.issued_on,
                title=(f"{self.number}/{self.notation}", day, self.document_type, self.abstract),
                parties=(self.issuer, self.signer, self.sender),
                body=(in_words, self.text, "van-ban.pdf"),
            )
        )


def archived(first: int, last: int) -> Iterator[Archived]:
    """The documents with these ids."""
    return map(_document, range(first, last + 1))


def _document(number: int) -> Archived:
    years, place = divmod(number - 1, PER_YEAR)
    chance = random.Random(place)
    year = FIRST_YEAR + years
    arrived = datetime(year, 1, 4, 1, 0, tzinfo=UTC) + timedelta(minutes=4.9 * place)
    kind, letters = chance.choice(_TYPES)
    issuer, sign = chance.choice(_ISSUERS)
    district = chance.choice(_DISTRICTS)
    if chance.random() < 0.3:
        issuer, sign = f"Ủy ban nhân dân huyện {district}", "UBND"
    road = f"đường tỉnh ĐT.{chance.randrange(600, 700)}"
    subject = chance.choice(_SUBJECTS)
    case = f"hồ sơ mã {_code(place)}"
    sentences = chance.sample(_SENTENCES, 7)
    return Archived(
        id=number,
        year=year,
        arrival_number=place + 1,
        arrived_at=arrived,
        number=str(chance.randrange(1, 4000)),
        notation=f"{letters}-{sign}" if letters else f"{sign}-VP",
        issued_on=arrived.date() - timedelta(days=chance.randrange(9)),
        document_type=kind,
        abstract=f"V/v {subject} trên địa bàn huyện {district}, {road}",
        issuer=issuer,
        signer=f"{chance.choice(_SURNAMES)} {chance.choice(_GIVEN)}",
        sender=f"vanthu{chance.randrange(200)}@{sign.lower().replace('đ', 'd')}.quangngai.example",
        text=" ".join((*sentences, f"Công trình {road}, huyện {district}, {case}.", *chance.sample(_SENTENCES, 2))),
        unit=chance.choice(UNITS),
        finished=chance.random() < 0.97,
        deadline=arrived + timedelta(days=chance.randrange(3, 30)),
    )


def _code(place: int) -> str:
    """What stands in one document of each year."""
    return f"ql{place * 7919 % 1_000_003:06d}x"
