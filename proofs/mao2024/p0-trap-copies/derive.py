"""Give the hidden layers of the tent copies of the input and bound it by P_1."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.networks.gallery import tent, tent_copied
from polyrelax.networks.network import Network, network
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])


def derive() -> Iterator[tuple[str, object]]:
    for name in ("exact", "p:1"):
        yield f"tent on [-1, 1], {name}", propagate(tent(), SEGMENT, relaxation(name)).output
    copies = (("relu(x + 1)", tent_copied()), ("relu(x) and relu(-x)", signed_copies()))
    for name, copied in copies:
        yield f"copies {name}, same function", equals_tent(copied)
        yield f"copies {name}, p:1", propagate(copied, SEGMENT, relaxation("p:1")).output


def signed_copies() -> Network:
    """Return the tent whose hidden layers carry relu(x) and relu(-x), which nobody reads."""
    second = [[-2, 0, 0, 0], [0, -2, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    return network(
        ([[1], [-1], [1], [-1]], [0, 0, 0, 0]),
        (second, [1, 1, 0, 0]),
        ([[1, 1, 0, 0]], [0]),
    )


def equals_tent(copied: Network) -> bool:
    """Whether a network equals the tent, if the tent is affine on each of its regions."""
    cells = (region.cell for region in linear_regions(copied, SEGMENT))
    return all(copied(x) == tent()(x) for cell in cells for x in cell.vertices)
