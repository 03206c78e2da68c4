"""What a file holds that runs, fetches or overwhelms when somebody opens it (Điều 8 khoản 1 điểm a).

Everything here works on foreign bytes and is meant to run in a sandboxed worker process, whose limits of time and
memory it relies on; sizes and counts that a file declares are never believed. It tells facts: whether a macro is
refused or held is said by a table.
"""

from gateway.adapters.active.examine import examine
from gateway.adapters.active.finds import PartlyExamined

__all__ = ["PartlyExamined", "examine"]
