"""The few exceptions that cross a wall. Expected answers are results, not exceptions."""

from __future__ import annotations


class GatewayError(Exception):
    """Root of our own exceptions; `str()` is one readable line and holds no secret."""


class TemporaryError(GatewayError):
    """Something outside is down or slow: the same try may succeed later and does not count as a strike."""

    def __init__(self, waiting_for: str, detail: str) -> None:
        """`waiting_for` is a short key such as `scanner`, `detail` one line for the operator."""
        super().__init__(f"{waiting_for}: {detail}")
        self.waiting_for = waiting_for


class SandboxFailure(GatewayError):
    """A job on foreign bytes crashed or met a limit in its worker process. The cause is Vietnamese."""


class Unopened(GatewayError):
    """An archive that is not opened, or not to its end. The cause is Vietnamese, without a full stop."""


class StaleState(GatewayError):
    """Compare-and-set found another state than expected: somebody else has done this step."""


class AlreadyRegistered(GatewayError):
    """The register holds this document already: content or identity key is taken."""


class StorageFull(GatewayError):
    """The disk or its quota is full; nothing was accepted."""


class DamagedBlob(GatewayError):
    """Stored bytes are no longer those that were received: somebody must look at the disk and the backup."""


class SealingFailure(GatewayError):
    """Content could not be encrypted. The text is Vietnamese."""


class ReceiptFailure(GatewayError):
    """A receipt could not be signed. The text is Vietnamese."""


class NotTheSealed(GatewayError):
    """What is to be unsealed is not what was sealed, or cannot be taken back yet. The text is Vietnamese."""


class UnfitDecision(StaleState):
    """A decision does not fit where a mail stands now; says why in Vietnamese."""


class NotWaivable(GatewayError):
    """A rule that holds a mail is not set aside by the way, only by its name. The text is Vietnamese."""


class NotOfStaff(GatewayError):
    """Orders are given in the name of somebody who is not one of the agency's own people."""


class SettingsError(GatewayError):
    """One or more keys of the configuration are wrong; each line names key, value and remedy."""
