"""Networks with their input sets, certificates of all kinds, and what makes a claim true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from typing import Any

from polyrelax.arithmetic.linalg import rank
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, vector
from polyrelax.certificates.certificate import Bound, Certificate, Form
from polyrelax.certificates.certify import (
    certify_exact,
    certify_infeasible,
    certify_looser,
    certify_range,
)
from polyrelax.certificates.functions import certify_outside, certify_zero
from polyrelax.certificates.hulls import certify_hull, certify_set
from polyrelax.certificates.lipschitz import certify_missed
from polyrelax.expressivity.lipschitz import best_pairs, least_error
from polyrelax.networks.gallery import maximum, maximum_encodings, tent, two_relu_example
from polyrelax.networks.layers import Affine, Identity, Layer, ReLU
from polyrelax.networks.network import Network, concatenate, network, residual
from polyrelax.networks.regions import linear_regions, trace_vertices
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.verification.lipschitz_certificates import certify_lipschitz

Document = dict[str, Any]

# On [-1, 1] the tent's first layer is (x, -x), so relu(x) - relu(-x) - x is 0.
KINKS: Form = ((ONE, 2, 0), (-ONE, 2, 1), (-ONE, 0, 0))

NAMES = (
    *("ibp", "dp0", "dp1", "crown", "fastlin", "triangle", "krelu:1", "krelu:2", "krelu:3"),
    *("m:1", "m:2", "p:1", "p:2", "p:3", "p:9", "exact"),
)

SEGMENT = Polytope.box([-1], [1])

PROBLEMS = {
    "tent": (tent(), SEGMENT),
    "maximum on a box": (maximum(2), Polytope.box([0, 0], [1, 1])),
    "maximum on a triangle": (maximum(2), Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)),
    "two neurons": (two_relu_example(), Polytope.box([-1, -1], [1, 1])),
    "on a segment": (two_relu_example(), Polytope.hull([[-1, 0], [1, "1/2"]], 2)),
    "skip connection": (
        residual(network(([[1], [-2]], ["1/3", 0]), ([[1, "1/2"]], [0]))),
        Polytope.box([-1], [2]),
    ),
    "partial ReLU": (
        Network((ReLU(2, (1,)), Identity(2), Affine.dense([[1, -2]], ["1/2"]))),
        Polytope.box([-1, -1], [1, "1/3"]),
    ),
}


def output(net: Network, sign: Fraction = ONE) -> Form:
    return ((sign, len(net.layers), 0),)


def samples() -> Iterator[Certificate]:
    """Yield small certificates in which every kind of node occurs."""
    for name in ("dp1", "crown", "krelu:2", "m:1", "p:2"):
        yield certify_range(*PROBLEMS["two neurons"], name)
    for name in ("ibp", "fastlin", "p:1", "exact"):
        yield certify_range(*PROBLEMS["maximum on a triangle"], name)
    for name in ("triangle", "p:2"):
        yield certify_range(*PROBLEMS["tent"], name)
    net, box = PROBLEMS["two neurons"]
    yield certify_looser(net, box, "triangle", "krelu:2", form=output(net))
    yield certify_exact(net, box, "krelu:2", form=output(net))
    yield certify_hull(net, box)
    yield certify_hull(*PROBLEMS["maximum on a triangle"])
    yield certify_set(*PROBLEMS["tent"], "p:1", depth=2)
    yield certify_set(*PROBLEMS["two neurons"], "triangle", depth=2)
    both = concatenate(*maximum_encodings()[:2])
    last = len(both.layers)
    equal = ((ONE, last, 0), (-ONE, last, 1))
    yield certify_zero(both, Polytope.box([0, 0], [1, 1]), equal)
    yield certify_outside(*PROBLEMS["tent"], KINKS[:1], span=[KINKS[2:], output(tent())])
    yield certify_lipschitz(net, box, "max")
    yield certify_lipschitz(*PROBLEMS["tent"], "1")
    zero, share = (ZERO, ZERO), Fraction(1, 2)
    pairs = [(zero, (ONE, ZERO), share), (zero, (ZERO, ONE), share)]
    yield certify_missed(*PROBLEMS["maximum on a box"], pairs)
    yield certify_missed(net, box, pairs, fan=2)  # (2 + 1)/2 - 2/2, halved
    rows = (Bound(output(net, -ONE), Fraction(-2)), Bound(((ONE, 0, 0),), Fraction(1, 2)))
    yield certify_infeasible(net, box, rows)


def parsed(certificate: Certificate) -> Document:
    document: Document = json.loads(certificate.dumps())
    return document


def rehashed(document: Document) -> Document:
    """Return a document whose hash fits its problem."""
    canonical = json.dumps(document["problem"], sort_keys=True, separators=(",", ":"))
    return {**document, "sha256": sha256(canonical.encode()).hexdigest()}


def is_true(document: Document) -> bool:
    """Whether the claim of a document holds, by the relaxations themselves."""
    domain = _domain(document["problem"]["input"])
    net = _network(document["problem"]["layers"], domain.dim)
    assuming = document["claim"].get("assuming", [])
    statements = document["claim"]["statements"]
    if any(not _holds(net, domain, row) for row in _citations(document)):
        return True  # a false theorem implies everything
    if any("missed" in statement for statement in statements):
        runs = [vector(node["input"]) for node in document["nodes"] if node["kind"] == "run"]
        return all(_is_missed(net, runs, statement) for statement in statements)
    if assuming:
        return all(_holds_for_all(net, domain, s, assuming) for s in statements)
    return all(_holds(net, domain, statement) for statement in statements)


def _citations(document: Document) -> Iterator[Document]:
    """Yield what cited theorems are said to state, as statements."""
    for node in document["nodes"]:
        if node["kind"] == "cite":
            stated = {key: node[key] for key in ("relaxation", "form")}
            yield {**stated, "relation": "at most", "value": node["at_most"]}


def _is_outside(net: Network, domain: Polytope, statement: Document) -> bool:
    """Whether the forms' values at all vertices of all linear regions have a greater rank."""
    runs = list(trace_vertices(net, domain))
    forms = [statement["outside"], *statement["span"]]
    rows = [
        tuple(sum((Fraction(c) * run[i][j] for c, i, j in form), ZERO) for run in runs)
        for form in forms
    ]
    return rank(rows, len(runs)) > rank(rows[1:], len(runs))


def _is_lipschitz(net: Network, domain: Polytope, statement: Document) -> bool:
    """Whether no cell has a steeper gradient than stated, or one has as steep a gradient."""
    value = Fraction(statement["value"])
    sizes = []
    for region in linear_regions(net, domain):
        inside = [
            sum(x, ZERO) / len(region.cell.vertices)
            for x in zip(*region.cell.vertices, strict=True)
        ]
        gradient = _gradient(net, tuple(inside), statement["lipschitz"])
        entries = [abs(c) for c in gradient]
        sizes.append(sum(entries, ZERO) if statement["norm"] == "max" else max(entries))
    return max(sizes) <= value if statement["relation"] == "at most" else value <= max(sizes)


def _gradient(net: Network, x: Vector, form: list[Any]) -> Vector:
    """Return the gradient of a form at a point inside a cell, from the signs of the values."""
    rows: list[list[Vector]] = [
        [tuple(ONE * (i == j) for i in range(len(x))) for j in range(len(x))]
    ]
    for layer, before in zip(net.layers, net.activations(x), strict=False):
        here = rows[-1]
        if isinstance(layer, Affine):
            rows.append([_mixed([(c, here[k]) for k, c in row], len(x)) for row in layer.rows])
        else:
            active = layer.active if isinstance(layer, ReLU) else ()
            off = [j in active and before[j] <= 0 for j in range(len(here))]
            rows.append(
                [_mixed([], len(x)) if o else r for o, r in zip(off, here, strict=True)]
            )
    return _mixed([(Fraction(c), rows[i][j]) for c, i, j in form], len(x))


def _mixed(terms: list[tuple[Fraction, Vector]], size: int) -> Vector:
    return tuple(sum((c * v[k] for c, v in terms), ZERO) for k in range(size))


def _is_missed(net: Network, points: list[Vector], statement: Document) -> bool:
    """Whether some weights of pairs of these points show as great an error as stated."""

    def value(x: Vector) -> Fraction:
        run = net.activations(x)
        return sum((Fraction(c) * run[i][j] for c, i, j in statement["missed"]), ZERO)

    fan = int(statement.get("fan", 1))
    best = least_error(value, best_pairs(value, sorted(set(points)), fan=fan), fan=fan)
    return Fraction(statement["by"]) <= best


def _is_the_hull(net: Network, domain: Polytope, statement: Document) -> bool:
    places = [(i, j) for i, j in statement["hull"]]
    name = statement.get("relaxation", "exact")
    if name == "exact":
        runs = [[run[i][j] for i, j in places] for run in trace_vertices(net, domain)]
        hull = Polytope.hull(runs, len(places))
    else:
        [depth] = {i for i, _ in places}
        found = propagate(net, domain, relaxation(name)).polytope(depth)
        hull = Polytope.hull([[x[j] for _, j in places] for x in found.vertices], len(places))
    rows = []
    for row in statement["facets"]:
        normal = [ZERO] * len(places)
        for c, i, j in row["form"]:
            normal[places.index((i, j))] += Fraction(c)
        rows.append(Constraint(tuple(normal), Fraction(row["at_most"])))
    points = [vector(point) for point in statement["points"]]
    if (len(rows), len(points)) != (len(hull.facets), len(hull.vertices)):
        return False
    return hull == Polytope.intersection(rows, hull.dim) == Polytope.hull(points, hull.dim)


def _holds(net: Network, domain: Polytope, statement: Document) -> bool:
    if "hull" in statement:
        return _is_the_hull(net, domain, statement)
    if "outside" in statement:
        return _is_outside(net, domain, statement)
    if "lipschitz" in statement:
        return _is_lipschitz(net, domain, statement)
    terms = [(Fraction(c), i, j) for c, i, j in statement["form"] if c != "0"]
    value = Fraction(statement["value"])
    least, greatest = ZERO, ZERO
    if terms:
        [depth] = {i for _, i, _ in terms}
        relaxed = list(relaxation(statement["relaxation"]).sets(net, domain))[depth]
        direction = [ZERO] * relaxed.dim
        for c, _, j in terms:
            direction[j] += c
        greatest = relaxed.support(tuple(direction)).value
        least = -relaxed.support(tuple(-c for c in direction)).value
    return (
        greatest <= value if statement["relation"] == "at most" else least <= value <= greatest
    )


def _holds_for_all(
    net: Network, domain: Polytope, statement: Document, assuming: list[Document]
) -> bool:
    """Whether no point of a grid satisfies the assumptions and breaks the statement."""
    ends = [] if domain.is_empty else [(x.lower, x.width) for x in domain.bounds]
    grid: list[Vector] = [()]
    for low, width in ends:
        grid = [(*x, low + width * Fraction(k, 12)) for x in grid for k in range(13)]
    runs = [net.activations(x) for x in grid if x in domain]
    good = [
        run for run in runs if all(_satisfies(run, row, row["at_most"]) for row in assuming)
    ]
    return all(_satisfies(run, statement, statement["value"]) for run in good)


def _satisfies(run: tuple[Vector, ...], row: Document, limit: str) -> bool:
    return sum((Fraction(c) * run[i][j] for c, i, j in row["form"]), ZERO) <= Fraction(limit)


def _domain(data: Document) -> Polytope:
    if "lower" in data:
        return Polytope.box(data["lower"], data["upper"])
    rows = [
        Constraint(vector(c["normal"]), Fraction(c["offset"]), c.get("equation", False))
        for c in data["constraints"]
    ]
    return Polytope.intersection(rows, data["dim"])


def _network(data: list[Any], width: int) -> Network:
    layers: list[Layer] = []
    for entry in data:
        if isinstance(entry, dict) and "affine" in entry:
            layers.append(Affine.dense(entry["affine"]["weight"], entry["affine"]["bias"]))
        elif entry == "identity":
            layers.append(Identity(width))
        else:
            named = None if entry == "relu" else tuple(entry["relu"]["neurons"])
            layers.append(ReLU(width, named))
        width = layers[-1].out_dim
    return Network(tuple(layers))
