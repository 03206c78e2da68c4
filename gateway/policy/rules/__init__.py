"""The rules of the regulation, one pure function each: a case in, findings out."""

from __future__ import annotations

from gateway.policy.rules import (
    active,
    automatic,
    entry,
    exchange,
    formats,
    letters,
    names,
    readable,
    scanned,
    secrecy,
    sender,
    signatures,
    signing,
)
from gateway.policy.rules.rule import Rule
from gateway.policy.sender import IMPERSONATION, SENDER_RULES, UNCHECKED_SENDER, UNKNOWN_SENDER

RULES: tuple[Rule, ...] = (
    Rule(IMPERSONATION, "nghi mạo nhận nơi gửi", "Điều 8 khoản 2 điểm c", sender.impersonation, (sender.UNPROVED,)),
    Rule(
        UNCHECKED_SENDER,
        "chưa kiểm tra được nơi gửi",
        "Điều 11 khoản 1 điểm a",
        sender.unchecked_sender,
        (sender.UNCHECKED,),
    ),
    Rule(
        UNKNOWN_SENDER,
        "nơi gửi chưa biết",
        "Điều 11 khoản 1 điểm a",
        sender.unknown_sender,
        (sender.ASKED, sender.IGNORED),
    ),
    Rule(
        "automatic_mail", "thư tự động", "Điều 11 khoản 1 điểm a", automatic.automatic_mail, (automatic.AUTOMATIC_MAIL,)
    ),
    Rule("infected", "mã độc", "Điều 8 khoản 1 điểm a", scanned.infected, (scanned.INFECTED,)),
    Rule("not_scanned", "chưa quét mã độc", "Điều 8 khoản 1 điểm a", scanned.not_scanned, (scanned.NOT_SCANNED,)),
    Rule(
        "attachment_required",
        "phải có tệp đính kèm",
        "Điều 5 khoản 5 điểm b",
        formats.attachment_required,
        (formats.NO_FILE, formats.EMPTY_FILES),
    ),
    Rule(
        "allowed_format",
        "định dạng được nhận",
        "Điều 5 khoản 5 điểm c",
        formats.allowed_format,
        (formats.NOT_ALLOWED, formats.NAME_DIFFERS),
    ),
    Rule(
        "unicode_letters",
        "chữ Việt theo Unicode",
        "Điều 5 khoản 5 điểm a",
        letters.unicode_letters,
        (letters.CONVERTED, letters.REFUSED),
    ),
    Rule("file_name", "tên tệp", "Điều 8 khoản 1 điểm a", names.file_name, names.ANSWERS),
    Rule(
        "active_content",
        "nội dung có thể tự chạy",
        "Điều 8 khoản 1 điểm a",
        active.active_content,
        (active.ACTIVE_CONTENT,),
    ),
    Rule("state_secret", "bí mật nhà nước", "Điều 8 khoản 2 điểm a", secrecy.state_secret, secrecy.ANSWERS),
    Rule("opened_whole", "mở hết thư", "Điều 11 khoản 1 điểm a", readable.opened_whole, (readable.INCOMPLETE,)),
    Rule(
        "readable",
        "kiểm tra được tệp",
        "Điều 11 khoản 1 điểm a",
        readable.readable,
        (readable.PASSWORD, readable.LOCKED, readable.UNOPENED, readable.NOT_KNOWN),
    ),
    Rule("signatures", "chữ ký số", "Điều 3 khoản 1", signatures.signatures, signatures.ANSWERS),
    Rule(signing.SEAL, "con dấu số", "Điều 6 khoản 4", signing.signing_seal, signing.SEAL_ANSWERS),
    Rule(signing.PERSON, "người ký số", "Điều 6 khoản 2", signing.signing_person, signing.PERSON_ANSWERS),
    Rule(
        signing.FOR_ANOTHER,
        "ký thay, ký thừa lệnh",
        "Điều 6 khoản 3",
        signing.signing_for_another,
        signing.FOR_ANOTHER_ANSWERS,
    ),
    Rule(exchange.RULE, "thông điệp edXML", "Điều 3 khoản 5", exchange.exchange_message, exchange.ANSWERS),
    Rule(
        "duplicate",
        "trùng văn bản",
        "Điều 11 khoản 1 điểm b",
        entry.duplicate,
        (entry.REPEAT, entry.CLASH, entry.REPLACES, entry.REPLACES_UNKNOWN),
    ),
    Rule(
        "counted",
        "số lượng văn bản, trang",
        "Điều 11 khoản 1 điểm a",
        entry.counted,
        (entry.COUNTED, entry.PAGES_UNKNOWN, entry.PROBLEM, entry.COUNT_DIFFERS, entry.NOT_COMPARABLE),
    ),
    Rule(
        "sources_agree",
        "các nguồn nói về văn bản",
        "Điều 11 khoản 1 điểm b",
        entry.sources_agree,
        (entry.SOURCES_DISAGREE,),
    ),
    Rule("fields_read", "thể thức trang đầu", "Điều 11 khoản 1 điểm b", entry.fields_read, (entry.FIELDS_MISSING,)),
)

OF_ORDERS = SENDER_RULES | {"infected", "not_scanned", "state_secret"}
"""The rules for a mail by which somebody acts on a document: the others are about documents that come in."""
