"""The certificates of the claims.

``python -m tests.proofs.certificates`` writes the stored ones anew;
``python -m tests.proofs.certificates --all`` makes and checks those that are not stored as
well, which takes minutes, and says how long the checker needs for all of them.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.check import check
from polyrelax.certificates.enumerations import Enumeration
from polyrelax.claims import Claim, load_claims, script

Source = Certificate | partial[Certificate]
"""A certificate, or how to make it if that takes long: of a network, a set, relaxations."""

Family = Mapping[str, Sequence[partial[Certificate]]]


def certified_claims() -> list[Claim]:
    return [claim for claim in load_claims() if (claim.path / "certificates.py").is_file()]


def sources(claim: Claim) -> Iterator[tuple[Path, Source]]:
    """Yield what the stored certificates of a claim are made from, and where they are."""
    stored = getattr(script(claim, "certificates"), "certificates", tuple)
    for name, source in stored():
        yield claim.path / f"certificate-{name}.json", source


def made(source: Source) -> Certificate:
    """Return the certificate."""
    return source() if isinstance(source, partial) else source


def rebuilt(claim: Claim) -> Family:
    """Return the certificates that are not stored, by the key of the value that they prove."""
    families, found = (
        getattr(script(claim, "certificates"), "rebuilt", tuple),
        defaultdict(list),
    )
    for key, certificate in families():
        found[key].append(certificate)
    return found


def enumerations(claim: Claim) -> Iterator[tuple[str, partial[Enumeration]]]:
    """Yield the certificates about spaces of networks, by the key of the value."""
    yield from getattr(script(claim, "certificates"), "enumerations", tuple)()


def agrees(made: Enumeration, claim: Claim, key: str) -> bool:
    """Whether a certificate counts what a claim expects: networks, or these up to symmetry.

    If the claim has a greatest difference, under the key without symmetry, it is the same.
    """
    enumerated = key.removesuffix(", up to symmetry")
    k, words = int(key != enumerated), claim.expected[enumerated]
    counts = claim.expected[key] == f"{made.found[k]} of {made.all[k]}"
    return counts and (" by " not in words or words.endswith(f" by {made.greatest} at most"))


def _write() -> None:
    for claim in certified_claims():
        for place, source in sources(claim):
            place.write_text(made(source).dumps(), encoding="utf-8")


def _texts(claim: Claim) -> Iterator[str]:
    """Yield all certificates of a claim."""
    yield from (path.read_text("utf-8") for path in claim.path.glob("certificate-*.json"))
    yield from (each().dumps() for parts in rebuilt(claim).values() for each in parts)
    for key, each in enumerations(claim):
        enumeration = each()
        if not agrees(enumeration, claim, key):
            raise SystemExit(f"{claim.name}, {key}: found {enumeration}")
        yield enumeration.dumps()


def _check_all() -> None:
    number, seconds = 0, 0.0
    for claim in certified_claims():
        texts = list(_texts(claim))
        start = time.process_time()
        for text in texts:
            check(text)
        spent = time.process_time() - start
        number, seconds = number + len(texts), seconds + spent
        print(f"{claim.name}: {len(texts)} certificates, {spent:.2f} s to check", flush=True)
    print(f"{number} certificates accepted in {seconds:.2f} s of processor time")


if __name__ == "__main__":
    if "--all" in sys.argv[1:]:
        _check_all()
    else:
        _write()
