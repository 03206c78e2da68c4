"""The grammar of orders by mail: lines `Từ khoá: giá trị` in a reply, accents or not (Điều 11 khoản 2, 3 và 4)."""

from gateway.policy.orders.drafts import Fault
from gateway.policy.orders.keywords import KEYWORDS, KeywordRow, help_lines
from gateway.policy.orders.reader import Reading, read_orders

__all__ = ["KEYWORDS", "Fault", "KeywordRow", "Reading", "help_lines", "read_orders"]
