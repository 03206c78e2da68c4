"""What the walk through a mail finds: nodes still undecided, and problems in Vietnamese."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gateway.adapters.mime.limits import LIMITS
from gateway.adapters.mime.whole import Loss
from gateway.model.part import PartDecision


@dataclass(slots=True)
class Node:
    """One part or container. `content` is the file of its decoded bytes, None where nothing was written.

    `nested` is true inside an attached message, whose texts are not the text of the mail itself.
    `flowed` and `delsp` are the parameters of text/plain by which its lines are joined (RFC 3676).
    `name_trick` says with what the name that was sent misleads. `pixels` is (width, height) of an image, `loss` what
    transfer took from the content, `message_id` that of the message which this node holds. `decision` is set where the
    structure alone decides.
    """

    path: str
    declared: str
    parent: Node | None = None
    name: str = ""
    name_trick: str = ""
    disposition: str = ""
    content_id: str = ""
    charset: str = ""
    flowed: bool = False
    delsp: bool = False
    nested: bool = False
    type: str = ""
    size: int = 0
    sha256: str | None = None
    content: Path | None = None
    pixels: tuple[int, int] | None = None
    loss: Loss = Loss.NONE
    message_id: str | None = None
    decision: PartDecision | None = None
    reason: str = ""

    @property
    def label(self) -> str:
        """How problems name it: by file name, else by path."""
        return f"“{self.name}” (phần {self.path})" if self.name else f"phần {self.path}"

    @property
    def siblings_type(self) -> str:
        """The declared type of the container it stands in, or ""."""
        return self.parent.declared if self.parent else ""

    def decide(self, decision: PartDecision, reason: str) -> None:
        """Fix the decision with its reason."""
        self.decision, self.reason = decision, reason


@dataclass(slots=True)
class Problems:
    """Sentences for people, each once, with a bound."""

    _found: dict[str, None] = field(default_factory=dict)
    _left: int = 0

    def add(self, text: str) -> None:
        """Note a problem; past the bound only their number is kept."""
        if len(self._found) < LIMITS.problems:
            self._found[text] = None
        elif text not in self._found:
            self._left += 1

    def texts(self) -> tuple[str, ...]:
        """All problems in the order found."""
        rest = (f"Còn {self._left} vấn đề khác không liệt kê.",) if self._left else ()
        return (*self._found, *rest)
