"""Ways from a certificate up to the roots that are trusted, by names alone; nothing is verified here.

pyHanko's own search has no limit: eight certificates of one name that could each have issued the others keep it busy
for ten seconds, a dozen for years.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asn1crypto import x509

LONGEST_PATH = 10
MOST_STEPS = 200
MOST_PATHS = 8

Path = tuple[x509.Certificate, ...]


def candidate_paths(
    certificate: x509.Certificate, helpers: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]
) -> Iterator[Path]:
    """Paths from `certificate` to one of `roots`, the first of `helpers` tried first; few enough to verify them all."""
    steps, found = 0, 0
    waiting: list[Path] = [(certificate,)]
    while waiting and steps < MOST_STEPS and found < MOST_PATHS:
        steps += 1
        path = waiting.pop()
        top = path[-1]
        if top in roots:
            found += 1
            yield path
            continue
        for root in roots:
            if root.subject == top.issuer:
                found += 1
                yield (*path, root)
        if len(path) < LONGEST_PATH:
            above = [each for each in helpers if each.subject == top.issuer and not _stands_in(each, path)]
            waiting += [(*path, each) for each in reversed(above)]


def as_far_as_known(certificate: x509.Certificate, known: Sequence[x509.Certificate]) -> Path:
    """The certificate and above it whatever bears its issuer's name, up to one that issued itself."""
    path = [certificate]
    while len(path) < LONGEST_PATH and path[-1].subject != path[-1].issuer:
        above = next((each for each in known if each.subject == path[-1].issuer and each not in path), None)
        if above is None:
            break
        path.append(above)
    return tuple(path)


def _stands_in(certificate: x509.Certificate, path: Path) -> bool:
    """Whether the same authority is there already, with this certificate or another for the same key."""
    key = certificate.public_key.dump()
    return any(each.subject == certificate.subject and each.public_key.dump() == key for each in path)
