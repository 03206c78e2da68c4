"""The directory of agencies, units, people and absences as it is read from the rows of its file."""

from gateway.policy.directory_file.doubts import doubts
from gateway.policy.directory_file.reading import from_rows

__all__ = ["doubts", "from_rows"]
