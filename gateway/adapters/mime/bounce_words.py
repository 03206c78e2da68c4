"""The words by which delivery reports in free form tell what happened, as patterns over `plain` text."""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


# Where the machine's own words end and the mail that came back, or a technical copy, begins.
COPY = re.compile(
    r"[\W_]{0,40}(?:"
    r"(?:below this line|this) is (?:a|the) copy of|"
    r"original message (?:follows|headers)|"
    r"(?:unsent|returned|undelivered) message (?:below|follows)|"
    r"(?:the )?(?:body of the|header of the original) message|"
    r"message headers? follows?|"
    r"-{3,} ?original message|"
    r"diagnostic information for administrators|"
    r"(?:noi dung |tieu de )?thu goc(?: nhu sau)?[\W_]{0,40}\Z|"
    r"(?:reporting-mta|received|return-path):)"
)
GIVEN_UP = _any(
    r"failed permanently",
    r"permanent(?:ly)? (?:fatal |delivery )?(?:error|failure|fail|reject)",
    r"(?:giving|given|gave) up",
    r"too long",
    r"retry time(?:out| not reached)",
    r"expired",
    r"(?:no longer|will not|won't) be retried",
    r"not try again",
    r"khong thu gui lai",
    r"(?:ngung|dung) (?:thu )?gui",
    r"da het thoi gian",
)
GOES_ON = _any(
    r"will (?:keep trying|be retried|retry|try again|continue)",
    r"still (?:being|trying)",
    r"no action is required",
    r"(?:do not|don't) need to (?:resend|retry)",
    r"\bdelay(?:ed)?\b",
    r"delivery (?:is )?incomplete",
    r"not yet been delivered",
    r"not been delivered to all",
    r"could not send message for past",
    r"transient non-fatal",
    r"warning: message",
    r"(?:se|dang) (?:tiep tuc |co gang |thu ){1,2}(?:gui|chuyen|phat|lai)",
    r"bi (?:tri hoan|cham)",
    r"tam thoi (?:chua|khong)",
)
FAILED = _any(
    r"undeliver|fail|returned|rejected|bounced|fatal|blocked|refused",
    r"(?:could|can|was|were|is|did|has)(?: ?not|n't) (?:be |been )?(?:deliver|reach)",
    r"(?:wasn't able|unable) to deliver",
    r"not deliver",
    r"khong (?:the )?(?:gui|chuyen|phat|giao) duoc",
    r"khong the (?:gui|chuyen|phat|giao)",
    r"chua (?:gui|chuyen) duoc",
    r"khong (?:gui|chuyen) (?:duoc )?(?:toi|den)",
    r"khong duoc (?:gui|chuyen)",
    r"bi (?:tra lai|tu choi)",
    r"that bai",
)
# What texts say, to the code of RFC 3463 that says the same; those that may pass have the class 4.
REASONS = (
    (
        "4.2.2",
        _any(
            r"(?:mailbox|inbox) (?:is |was )?(?:full|over)",
            r"over ?quota",
            r"quota (?:is )?exceeded",
            r"exceed\w* (?:\w+ ){0,3}(?:quota|storage)",
            r"out of storage",
            r"insufficient (?:disk|storage)",
            r"hop thu[\w ]{0,40} (?:da |bi )?day\b",
            r"day hop thu",
            r"(?:het|vuot) (?:qua )?(?:han muc )?dung luong",
        ),
    ),
    (
        "5.3.4",
        _any(
            r"(?:message|mail|size)[\w ]{0,20}(?:too (?:large|big)|exceeds)",
            r"exceeds (?:\w+ ){0,3}(?:message )?size",
            r"(?:thu|kich thuoc|dung luong)[\w ]{0,20}(?:qua lon|vuot qua)",
        ),
    ),
    (
        "5.2.1",
        _any(
            r"(?:mailbox|account|user)[\w ]{0,20}(?:disabled|inactive|suspended|locked)",
            r"(?:tai khoan|hop thu)[\w ]{0,30}(?:bi khoa|ngung hoat dong|khong (?:con )?hoat dong)",
        ),
    ),
    (
        "5.1.2",
        _any(
            r"(?:host|domain)[\w .'\"-]{0,60}(?:not found|does ?n[o']t exist|not exist)",
            r"unrouteable",
            r"no such (?:host|domain)",
            r"name or service not known",
            r"couldn't find any host",
            r"(?:khong tim thay|sai) ten mien",
            r"ten mien[\w .-]{0,40}khong ton tai",
        ),
    ),
    (
        "5.1.1",
        _any(
            r"user unknown|unknown (?:user|recipient|address)",
            r"no such (?:user|recipient|person|address|mailbox)",
            r"(?:does ?n[o']t|not) exist",
            r"no mailbox here",
            r"(?:address|recipient|user)\w* (?:\S{1,80} ){0,3}?(?:could|was|is)?(?: ?not|n't) (?:be )?(?:found|known)",
            r"address (?:was |is )?(?:rejected|unknown|not found)",
            r"invalid (?:recipient|mailbox|address)",
            r"mailbox unavailable",
            r"not listed in",
            r"(?:dia chi|nguoi nhan|hop thu|tai khoan)[\w @.<>-]{0,80}khong (?:ton tai|dung|hop le|co thuc)",
            r"khong tim thay (?:dia chi|nguoi nhan|hop thu|tai khoan)",
            r"khong ton tai",
            r"sai dia chi",
        ),
    ),
    (
        "5.7.1",
        _any(
            r"spam|black ?list|block ?list|blocked|policy|access denied|prohibited",
            r"not (?:authori[sz]ed|permitted|allowed)",
            r"bi (?:chan|tu choi)",
            r"thu rac",
            r"khong duoc phep",
        ),
    ),
    (
        "4.4.7",
        _any(
            r"expired",
            r"retry time(?:out| not reached)",
            r"too long",
            r"(?:giving|given|gave) up on",
            r"queue (?:life)?time",
            r"het thoi gian",
        ),
    ),
    (
        "4.4.1",
        _any(
            r"connection (?:timed out|refused|reset)",
            r"time ?out",
            r"(?:could not|couldn't) connect",
            r"unreachable",
            r"no route",
            r"khong (?:the )?ket noi",
        ),
    ),
)
