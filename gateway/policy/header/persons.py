"""Names of persons as they stand below a signature."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.policy.header.text import fold, is_upper, squeeze

_WORD = r"[^\W\d_](?:[^\W\d_]|['’-]){0,12}"
_NAME = re.compile(rf"{_WORD}(?: {_WORD}){{1,5}}")
_RANK = re.compile(
    r"(?:(?:dai|thuong|trung|thieu) (?:tuong|ta|uy)|do doc|pho do doc|chuan do doc|gs|pgs|tskh|ts|th\.?s|bs|ks|kts|cn"
    r"|ls|ds|bs ?ck ?(?:1|2|i|ii)|ck ?(?:1|2|i|ii)|ths ?bs|ts ?bs|dr|nsnd|nsut|ngut|ngnd|ttut|ttnd|giao su|pho giao su"
    r"|tien si(?: khoa hoc)?|thac si|bac si(?: chuyen khoa \w{1,2})?|ky su|kien truc su|luat su|duoc si|cu nhan"
    r"|hoa thuong|thuong toa|linh muc)(?:[ .,/–-]+|$)"
)
# With accents: without them Trương and Đoàn, family names, would be schools and unions.
_NO_PERSON = re.compile(
    r"(?:bộ|sở|cục|chi cục|tổng cục|vụ|ban|phòng|trường|trung tâm|[uủ][yỷ] (?:ban|viên)|văn phòng|hội đồng|viện"
    r"|công ty|tỉnh|huyện|xã|phường|thành phố|quận|thị xã|thị trấn|đặc khu|chính phủ|quốc hội|kho bạc|ngân hàng"
    r"|thanh tra|hà nội|nơi nhận|như|các|lưu|cổng|đài|đảng|cộng hòa|việt nam|nhân dân|người|kính|trân trọng"
    r"|phụ lục|mẫu|chương|mục"
    r"|(?:tổng |phó )*(?:giám đốc|chủ tịch|chủ nhiệm|thủ trưởng|bộ trưởng|thứ trưởng|cục trưởng|trưởng phòng|trưởng ban"
    r"|hiệu trưởng|chánh văn phòng|chánh án|viện trưởng|thủ tướng|thống đốc|bí thư|trưởng))(?!\w)"
)
_SIGNED = re.compile(r"\(? ?(?:da ky|da ki|ky|signed)(?: ten)?(?:,? ?(?:va )?dong dau)? ?\)?\.?")
_SIGNED_BEFORE = re.compile(r"(?:\( ?(?:da ky|da ki|ky|signed)[^()]{0,20}\)|da ky ?:) ?(?=\w)")
_SIGNED_AFTER = re.compile(r" ?\( ?(?:da ky|da ki|signed)[^()]{0,20}\)?$")
# Family names without accents: they tell a name in capitals from any other line in capitals.
_FAMILY = re.compile(
    r"(?:a|an|au|ba|bach|banh|be|bien|bo|bui|ca|cam|can|cao|cat|chau|chu|chuong|co|cong|cu|cung|da|dam"
    r"|dan|dang|danh|dao|dau|diep|dieu|dinh|do|doan|doi|dong|du|duong|gia|giang|giap|h|ha|hac|han|hang"
    r"|hau|ho|hoa|hoang|hong|hua|huynh|k|kha|khang|khong|khuat|khuc|kieu|kim|ksor|kpa|la|lac|lai|lam|lang"
    r"|lanh|lau|le|lo|loc|lu|luc|luong|luu|ly|ma|mac|mai|man|mang|mau|minh|mong|mua|muong|nay|ngan"
    r"|nghiem|ngo|ngoc|nguy|nguyen|nham|nhan|nhu|nie|ninh|nong|o|ong|pham|phan|phi|pho|phu|phung|po|quach"
    r"|quan|quang|rah|rcom|ro|rmah|sam|siu|son|sung|ta|tan|tang|tao|thach|thai|tham|than|thang|thao|thi"
    r"|thieu|thuong|tien|tieu|to|ton|tong|tra|trang|tran|trieu|trinh|tru|truong|tu|tuong|ty|ung|uong|van"
    r"|vang|vi|vien|viet|vo|vu|vua|vuong|xa|xong|y|yen)(?![^\W\d_])"
)
_FEWEST_CAPITALS, _MOST_CAPITALS = 3, 5


@dataclass(frozen=True, slots=True)
class PersonRead:
    """The name of a person; `certain` where it begins with a family name, `signed` where "(đã ký)" stands beside it."""

    name: str
    certain: bool
    signed: bool


def says_signed(folded: str) -> bool:
    """Whether a line (without accents) says that it was signed, and nothing else: `(Đã ký)`."""
    return _SIGNED.fullmatch(folded) is not None


def person_in(text: str) -> PersonRead | None:
    """The person whose name is all of `text`, rank and degree taken off, or None.

    A name in capitals comes back as names are written in the register; it must begin with a family name.
    """
    bare = squeeze(text).strip(" .,;*")
    folded = fold(bare)
    before, after = _SIGNED_BEFORE.match(folded), _SIGNED_AFTER.search(folded)
    name = bare[before.end() if before else 0 : after.start() if after else len(bare)].strip(" .,;*")
    ranked = False
    while (rank := _RANK.match(fold(name))) is not None and rank.end() < len(name):
        name, ranked = name[rank.end() :].strip(), True
    if not _NAME.fullmatch(name) or _NO_PERSON.match(name.lower()) or says_signed(fold(name)):
        return None
    family = _FAMILY.match(fold(name)) is not None
    if is_upper(name):
        if not family or not _FEWEST_CAPITALS <= len(name.split(" ")) <= _MOST_CAPITALS:
            return None
        name = " ".join(word.capitalize() for word in name.split(" "))
    elif not all(word[0].isupper() for word in name.split(" ")):
        return None
    return PersonRead(name, family or ranked, before is not None or after is not None)
