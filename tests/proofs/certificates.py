"""The certificates of the claims: ``python -m tests.proofs.certificates`` writes them anew."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

from polyrelax.certificates.certificate import Certificate
from polyrelax.claims import Claim, load_claims


def certified_claims() -> list[Claim]:
    return [claim for claim in load_claims() if (claim.path / "certificates.py").is_file()]


def certificates(claim: Claim) -> Iterator[tuple[Path, Certificate]]:
    """Yield the certificates of a claim, and where they are stored."""
    script = claim.path / "certificates.py"
    spec = importlib.util.spec_from_file_location(f"certificates of {claim.name}", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, certificate in module.certificates():
        yield claim.path / f"certificate-{name}.json", certificate


if __name__ == "__main__":
    for each in certified_claims():
        for place, made in certificates(each):
            place.write_text(made.dumps(), encoding="utf-8")
