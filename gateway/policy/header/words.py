"""The fixed vocabulary of page 1, unaccented and in small letters (see `text.fold`)."""

from __future__ import annotations

import re

MOTTO = "cong hoa xa hoi chu nghia viet nam"
MOTTO_START = "cong hoa xa hoi"
PARTY_MOTTO = "dang cong san viet nam"
SLOGAN = re.compile(r"doc lap ?[-.,;_ ]{0,3} ?tu do ?[-.,;_ ]{0,3} ?hanh phuc")

# Words that a name of an agency begins with; a line that begins so may open a new name in the left block.
_AGENCY_HEADS = (
    "ban|bao|bao hiem|bao tang|ben xe|benh vien|bo|bo chi huy|bo tu lenh|buu dien|cang hang khong|cang vu|chi cuc"
    "|chi nhanh|chinh phu|chu tich nuoc|cong an|cong doan|cong thong tin|cong ty|cuc|cum|dai|dang bo|dang uy|dai hoc"
    "|dai hoc quoc gia|doan|doan dai bieu quoc hoi|doanh nghiep|doi|hai doan|hai quan|hat|hiep hoi|hoc vien|hoi"
    "|hoi dong|hop tac xa|huyen doan|huyen uy|kho bac|khu quan ly|kiem toan|lien doan|lien hiep|lien minh|lu doan"
    "|mat tran|ngan hang|nha hat|nha may|nha xuat ban|phan hieu|phan vien|phong|quan chung|quan doan|quan khu|quan uy"
    "|quoc hoi|quy|so|su doan|tap chi|tap doan|thanh doan|thanh tra|thanh uy|thi uy|thong tan xa|thu tuong chinh phu"
    "|thu vien|tieu doan|tinh doan|tinh uy|to cong tac|toa an|tong cong ty|tong cuc|tong lien doan|tram|trung doan"
    "|trung tam|truong|ubnd|hdnd|ubmttq|uy ban|uy ban nhan dan|van phong|vien|vien kiem sat|vu|vuon quoc gia"
    "|xi nghiep"
)
AGENCY_HEAD = re.compile(rf"(?:{_AGENCY_HEADS})(?![\w])")

# Words that only look like the beginning of an agency's name once their accents are gone (in small letters).
NO_AGENCY = re.compile(
    r"(?:b[ảáàạ]n|b[ỏờơò]|s[ốổơ]|qu[yý]|hồi|h[ỏơ]i|đ[ợơổốồ]i|c[ụú]m|phỏng|ph[ốó]ng|viễn|cục bộ|bộ (?:tiêu chí|hồ sơ"
    r"|thủ tục|dữ liệu|đơn giá|câu hỏi)|hội (?:nghị|thảo)|ban hành|phòng (?:ngừa|chống|cháy)|trường hợp|đoàn xe"
    r"|báo (?:cáo|giá)|b[ảạ]o(?! hiểm| tàng)|đ[aảá]i|hát)(?!\w)"
)
# Agencies' words that stand in no other phrase, wherever in a name they are.
AGENCY_WITHIN = re.compile(
    r"(?<!\w)(?:uy ban|ubnd|hdnd|hoi dong|van phong|tinh uy|thanh uy|huyen uy|quan uy|thi uy|dang uy"
    r"|dang bo|trung tam|cong ty|tong cong ty|tap doan|toa an|vien kiem sat|chinh phu|quoc hoi|thu tuong|chu tich"
    r"|chi cuc|tong cuc|ban quan ly|lien doan|lien minh|lien hiep|mat tran|kho bac|ngan hang|bao hiem xa hoi|cong an"
    r"|hoc vien|dai hoc|benh vien|thanh tra|kiem toan|bo (?:truong|tu lenh|chi huy)|ban (?:chi dao|chap hanh|dan"
    r"|thuong vu|to chuc|tuyen giao|bi thu)|trung uong|doan thanh nien)(?!\w)"
)
# What heads an appendix, a table or a form, and never the left block of a document.
NO_ISSUER = re.compile(
    r"(?:phu luc|danh (?:muc|sach)|bieu (?:mau|so|tong hop|\d)|bang (?:chu|tong hop|ke|so|\d)|mau (?:so|\d|trinh bay)"
    r"|muc luc|chuong [ivx\d]|phan [ivx\d]|so do|the thuc|ky thuat trinh bay|noi dung|stt)(?!\w)"
)

# Names that say nothing without the line below them: `UỶ BAN NHÂN DÂN` / `TỈNH QUẢNG NGÃI`.
INCOMPLETE_NAME = re.compile(
    r"(?:uy ban(?: nhan dan| thuong vu| dan toc| mat tran to quoc(?: viet nam)?)?|hoi dong(?: nhan dan)?|ubnd"
    r"|hdnd|van phong|ban|ban quan ly|ban chi dao|ban chi huy|ban thuong vu|ban chap hanh|hoi|bo|bo quoc|so|cuc|chi cuc"
    r"|tong cuc|phong|trung tam|truong|cong ty|cong ty co phan|cong ty tnhh|tong cong ty|tap doan|vien|hoc vien"
    r"|benh vien|thanh tra|doan|chi nhanh|dang bo|dang uy|lien doan|mat tran to quoc|bo chi huy|cong an|kho bac"
    r"|kho bac nha nuoc|bao hiem|bao hiem xa hoi|toa an nhan dan|vien kiem sat|vien kiem sat nhan dan"
    r"|doan dai bieu|doan dai bieu quoc hoi)"
)
# Without accents the end of "vận tải", "thiên tai" or "đề tài" looks like "tại".
CONNECTIVE_END = re.compile(
    r".*(?:[,\-&]|(?<!\w)(?:va|cua|ve|cho|thuoc|cac|nhung|voi|theo|tren|trong|so|nuoc"
    r"|(?<!van )(?<!thien )(?<!de )tai))$"
)

# Words that only extend the name above.
NAME_TAIL = re.compile(
    r"(?:tinh|thanh pho|tp|quan|huyen|thi xa|thi tran|phuong|xa|dac khu|khu vuc|viet nam|nhan dan|va|nha nuoc"
    r"|trung uong|toi cao|cap cao|so \d)(?![\w])(?! (?:uy|doan|khu|chung)(?![\w]))"
)

# Titles of those who sign; what follows the title names the agency (`GIÁM ĐỐC` SỞ …).
TITLE = re.compile(
    r"(?:quyen |pho |[qp]\. ?)?(?:tong giam doc|giam doc|chu tich nuoc|chu tich|chu nhiem|bo truong"
    r"|thu truong co quan|thu truong|thu tuong|thong doc|tong thanh tra|chanh thanh tra|chanh van phong"
    r"|chanh an|vien truong|tong cuc truong|chi cuc truong|cuc truong|vu truong|truong ban|truong phong"
    r"|truong doan|truong dai dien|truong ban quan ly|hieu truong|giam thi|tong bien tap|tong kiem toan"
    r"|kiem toan truong|tong tham muu truong|tu lenh|chi huy truong|chinh uy|bi thu|truong cong an|to truong"
    r"|doi truong|tram truong|truong dai|truong (?:khoa|tram|chi nhanh|bo phan|hai quan|van phong|trung tam)"
    r"|uy vien|thu ky|chu tri|chu toa|dai dien ben \w{1,2}|nguoi phu trach|phu trach (?:phong|ban|ke toan|chi nhanh)"
    r"|chanh tong ky|vien pho|ke toan truong|hat truong)(?![\w])"
)
ON_BEHALF = re.compile(r"(?:t[/.]?m|k[/.]?t|t[/.]?l|tuq|tun|q)(?: ?[./] ?| )(?=\w)")

# What opens the text proper. The first letter must be a capital: within a sentence the same words run on.
BODY_OPENING = re.compile(
    r"(?:can cu|chieu|theo|xet|thuc hien|kinh gui|kinh thua|dieu \d|chuong [ivx\d]|phan [ivx\d]|muc [ivx\d]"
    r"|ngay \d|de(?= )|nham(?= )|trong(?= )|sau khi|vua qua|hien nay|qua(?= )|tren co so|tiep theo|phuc dap"
    r"|tra loi|tiep nhan|nhan duoc|duoc su|thoi gian qua|thuc te|tu ngay|vao luc"
    r"|thoi gian(?: \w{1,8}){0,2} ?:|dia diem ?:|hom nay|ngay hom nay"
    r"|quyet dinh ?:|quyet nghi ?:|thong bao ?:|noi nhan|pursuant|chung toi|\(|[ivx]{1,4}(?:[.)] | ?- )|\d{1,2}[.)] "
    r"|[a-h][.)] |- |\+ )"
)
LEGAL_BASIS = re.compile(
    r"(?:can cu|xet|chieu|theo de nghi|dieu \d|chuong [ivx\d]|pursuant to|article \d|noi nhan)(?![\w])"
)
# A line that ends so goes on with the article it cites: `… khoản 1` / `Điều 12 Nghị định …`.
CITING_END = re.compile(r".*(?<!\w)(?:khoan \d{1,3}[a-z]?|diem [a-zd]|cac diem .{1,40}|muc \w{1,4})$")
SUBJECT_LINE = re.compile(r"[\"'“(]?(?:v ?/ ?v|ve viec|trich yeu)(?![\w])")
# Marks of circulation and of drafts, which stand between the blocks.
CIRCULATION = re.compile(
    r"\W{0,3}(?:luu hanh noi bo|xem xong tra lai|tai lieu thu hoi|(?:ban )?du thao(?: lan \d{1,2}| \d{1,2})?)\W{0,3}"
)
RULE = re.compile(r"[-_=*~.\s·•—–─:|]{2,}")
