"""The columns of the registers of Nghị định 30/2020 Phụ lục IV, filled from a document and its work: pure."""

from gateway.policy.registers.forms import FORMS, row_of

__all__ = ["FORMS", "row_of"]
