"""`vanthu check`: tries everything the gateway will need, and says what is wrong and how to mend it."""

from gateway.checkup.result import CheckResult, CheckState
from gateway.checkup.run import StoreCheck, check, worst

__all__ = ["CheckResult", "CheckState", "StoreCheck", "check", "worst"]
