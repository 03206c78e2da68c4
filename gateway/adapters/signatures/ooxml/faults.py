"""Why a signature in a package cannot be followed; what `str()` says is Vietnamese."""


class Malformed(Exception):
    """It contradicts the standard in a way that no honest signer does: the signature is invalid."""


class Unsupported(Exception):
    """It uses what is not looked at here: the signature is unknown."""
