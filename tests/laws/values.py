"""Examples of every public value, taken from answers that the library gives.

A value is what a public class holds that is frozen or a named tuple.  The examples of a class
are all its instances that an answer below contains, however deep; a class without any is given
one that is made of its fields' types.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from fractions import Fraction
from types import ModuleType
from typing import TypeAlias, get_args, get_origin, get_type_hints

import numpy as np

import polyrelax
from polyrelax.analysis.compare import compare
from polyrelax.analysis.partition import PhaseSearch, first_layer_first
from polyrelax.analysis.tables import bound_rows
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.linalg import Matrix
from polyrelax.arithmetic.rational import ONE, ZERO, vector
from polyrelax.arithmetic.roots import real_roots
from polyrelax.certificates.certificate import Bound
from polyrelax.certificates.certify import (
    certify_gap,
    certify_infeasible,
    certify_range,
)
from polyrelax.certificates.enumerations import certify_enumeration
from polyrelax.certificates.functions import certify_outside
from polyrelax.certificates.hulls import certify_hull
from polyrelax.certificates.lipschitz import certify_missed
from polyrelax.certificates.spaces import FiniteSpace
from polyrelax.certificates.traces import certify_trace
from polyrelax.certificates.value_forms import output_form
from polyrelax.certificates.verdicts import verdicts
from polyrelax.claims import choose, load_claims, rederive
from polyrelax.errors import PolyrelaxError
from polyrelax.expressivity import newton
from polyrelax.expressivity.all_boxes import decide, patches
from polyrelax.expressivity.boolean_functions import Symmetric
from polyrelax.expressivity.catalogue import CATALOGUE
from polyrelax.expressivity.circuits import Circuits
from polyrelax.expressivity.data_sets import LabelledPoints
from polyrelax.expressivity.end_bounds import Ends, Substitution, chord
from polyrelax.expressivity.lipschitz import best_pairs, cube
from polyrelax.expressivity.one_hidden_layer import jumps, one_hidden_layer
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.expressivity.region_counts import too_many_pieces
from polyrelax.expressivity.replacement import replacement_chain
from polyrelax.expressivity.solution_spaces import solution_space
from polyrelax.expressivity.spans import Arrangement, Dictionary, Orbit
from polyrelax.expressivity.uniform_hulls import MaxMin
from polyrelax.interop import network_json
from polyrelax.lp import LinearProgram, Optimizer, Row
from polyrelax.lp.proposal import Proposal
from polyrelax.networks import gallery
from polyrelax.networks.layers import Affine, Identity, Neurons, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.pattern import pattern_at
from polyrelax.networks.properties import Case, Property
from polyrelax.networks.regions import extremes, linear_regions
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.engines import engine_named
from polyrelax.polytopes.pieces import piece
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import relu_graph_hull
from polyrelax.relaxations.array_triangle import bounded_sets
from polyrelax.relaxations.barrier import METHODS
from polyrelax.relaxations.cost import cost
from polyrelax.relaxations.layerwise import Layerwise, Phase
from polyrelax.relaxations.lines import upper_line
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.phases.sets import branched_sets
from polyrelax.relaxations.progress import Kind, Piece
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle
from polyrelax.relaxations.written_program import written_program
from polyrelax.search.candidates import Space
from polyrelax.search.evidence import mixture
from polyrelax.search.executor import explore
from polyrelax.search.inexpressibility import Inquiry, certified
from polyrelax.search.plane import PlaneInquiry, answer
from polyrelax.search.proof import hull_values
from polyrelax.search.proposals import Proposals, Trial
from polyrelax.search.question import Question
from polyrelax.search.shrink import Witness
from polyrelax.systems.couplings import Coupling
from polyrelax.verification.lipschitz_certificates import certify_lipschitz
from tests.laws.relaxations import NAMES

Class: TypeAlias = type[object]

ROOMS = (
    "analysis", "arithmetic", "certificates", "claims", "expressivity", "lp", "networks",
    "polytopes", "relaxations", "search",
)  # fmt: skip
NO_VALUES = (
    "certificates.check",  # a program of its own
    "certificates.layer_hulls", "certificates.ledger", "certificates.single_layer",
    "certificates.windows",  # builders, which grow
    "expressivity.end_triangles", "polytopes.engines.fast.",  # the insides of kernels
    "arithmetic.libraries", "search.store",  # files
)  # fmt: skip
SEGMENT = Polytope.box([-1], [1])
SQUARE = Polytope.box([0, 0], [1, 1])
SIMPLEX = Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)
SIGNS = vector([-1, 0, 1])
UNIT = Interval(-ONE, ONE)

_SAMPLES: dict[object, object] = {
    bool: True, int: 2, str: "text", type(None): None,
    Fraction: ONE, Interval: UNIT, Neuron: Rectifier(),
}  # fmt: skip


def answers() -> Iterator[object]:
    """Yield what the rooms answer, with all that was asked on the way."""
    yield from _numbers()
    yield from _polytopes()
    yield from _networks()
    yield from _relaxations()
    yield from _certificates()
    yield from _expressivity()
    yield from _searches()


def examples(modules: Iterable[ModuleType]) -> dict[Class, list[object]]:
    """Return the examples of each public value of some modules, for some none."""
    found: dict[Class, list[object]] = {kind: [] for kind in public_values(modules)}
    for value in contained(answers()):
        if type(value) in found:
            found[type(value)].append(value)
    return {kind: known or list(_made(kind, found)) for kind, known in found.items()}


def _made(kind: Class, found: Mapping[Class, list[object]]) -> Iterator[object]:
    """Yield a value of a class that is made of its fields' types, if there is one."""
    try:
        hints = get_type_hints(kind)
        yield kind(*(sample(hints[field.name], found) for field in fields(kind)))  # type: ignore[arg-type]
    except (LookupError, NameError, PolyrelaxError, TypeError):
        return


def sample(hint: object, found: Mapping[Class, list[object]]) -> object:
    """Return a value of a type; raises :class:`LookupError` if none is known."""
    if isinstance(hint, type) and hint in _SAMPLES:
        return _SAMPLES[hint]
    if isinstance(hint, type) and hint in found:
        known = found[hint] or list(_made(hint, found))
        return known[0]
    if get_origin(hint) is tuple:
        entries = [entry for entry in get_args(hint) if entry is not ...]
        return tuple(sample(entry, found) for entry in entries)
    for option in get_args(hint):
        with suppress(LookupError):
            return sample(option, found)
    raise LookupError(f"found no value of {hint}, expected one")


def public_values(modules: Iterable[ModuleType]) -> Iterator[Class]:
    """Yield the public classes of modules whose instances are values."""
    for module in modules:
        for name, kind in vars(module).items():
            is_own = inspect.isclass(kind) and kind.__module__ == module.__name__
            if is_own and not name.startswith("_") and _holds_values(kind):
                yield kind


def _holds_values(kind: Class) -> bool:
    if is_dataclass(kind):
        parameters = vars(kind)["__dataclass_params__"]
        return bool(parameters.frozen and (parameters.eq or "__eq__" in vars(kind)))
    return issubclass(kind, tuple) or (
        "__eq__" in vars(kind) and "__hash__" in vars(kind) and not issubclass(kind, Exception)
    )


def modules() -> Iterator[ModuleType]:
    """Yield the documented modules of the rooms that compute."""
    for info in pkgutil.walk_packages(polyrelax.__path__, "polyrelax."):
        name = info.name.removeprefix("polyrelax.")
        is_private = any(part.startswith("_") for part in name.split("."))
        if name.startswith(ROOMS) and not is_private and not name.startswith(NO_VALUES):
            yield importlib.import_module(info.name)


def contained(values: Iterable[object]) -> Iterator[object]:
    """Yield values and all values in them, each object once."""
    waiting, seen = list(values), {}
    while waiting:
        value = waiting.pop()
        if id(value) not in seen:
            seen[id(value)] = value  # kept, for another object must not get its number
            yield value
            waiting.extend(_parts(value))


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, (tuple, list)):
        yield from value
    elif type(value).__module__.startswith("polyrelax"):
        yield from getattr(value, "__dict__", {}).values()


def _numbers() -> Iterator[object]:
    swap = Matrix.from_rows([vector([0, 1]), vector([1, 0])], 2)
    yield from real_roots([(ONE, ZERO, -2 * ONE)])
    yield from (UNIT, swap, swap @ swap, Proposal(frozenset({0}), frozenset(), (0.5,)))
    lines = (Row(((0, ONE), (1, 2 * ONE)), ONE), Row(((0, ONE),), ONE, is_equation=True))
    for lower in (None, ZERO, 5 * ONE):  # unbounded, optimal, infeasible
        session = Optimizer(LinearProgram((lower, None), (None, None), lines))
        yield from (session, session.minimize(((1, ONE),)), session.maximize(((1, ONE),)))


def _polytopes() -> Iterator[object]:
    cut = SIMPLEX.explicit().cut(Constraint.at_most([2, 2], 1))
    half = Polytope.intersection([Constraint.at_least([1], 0), Constraint.at_most([3], 1)], 1)
    plane = [Constraint.equal([1, 1], 1), Constraint.at_least([1, 0], 0)]
    segment = Polytope.intersection([*plane, Constraint.at_least([0, 1], 0)], 2)
    yield from (SEGMENT, SQUARE, SIMPLEX, cut, half, segment)
    yield from (Polytope.empty(2), relu_graph_hull(SEGMENT), SIMPLEX.support([1, 2]))
    for name in ("cddlib", "fast", "plain", "pplite", "normaliz"):
        yield Polytope.hull([[0, 0], [2, 1], [1, 3]], 2, engine=name)
    rows = [(1, 0), (0, 1), (1, 1)]
    yield engine_named("plain").extreme_rays(rows, [], 2)
    yield piece(SQUARE.vertices, SQUARE.facets, 2)


def _networks() -> Iterator[object]:
    named = [gallery.tent(), gallery.maximum(2), gallery.hat(), gallery.absolute_value()]
    yield Affine.of_doubles(np.array([[0.5, 0.0], [0.0, -3.0]]))
    mixed = Network((Affine.dense([[1], [-1]], ["1/3", 0]), ReLU(2, (1,)), Identity(2)))
    for network in (*named, mixed):
        domain = SEGMENT if network.in_dim == 1 else SQUARE
        yield network
        yield from linear_regions(network, domain)
        yield from extremes(network, domain)
        yield pattern_at(network, vector([0] * network.in_dim))
    yield network_json.Problem(mixed, SEGMENT)
    yield Neurons(3, ((Maximum(2), (0, 2)), (Clip(ZERO, ONE), (1,))))
    yield Property(1, 1, (Case(SEGMENT, ()),))


def _relaxations() -> Iterator[object]:
    yield upper_line(UNIT, None)
    yield from bounded_sets(gallery.maximum(2), SQUARE, 8)
    traces = [propagate(gallery.tent(), SEGMENT, relaxation(name)) for name in NAMES]
    traces += [propagate(gallery.maximum(2), SIMPLEX, relaxation(name, 8)) for name in NAMES]
    yield from certify_trace(traces[0], SEGMENT)
    yield from (*traces, *branched_sets(traces[0], SEGMENT))
    yield from (relaxation(name, bits) for name in NAMES for bits in (None, 16))
    triangle = next(trace for trace in traces if trace.relaxation == "triangle")
    yield written_program(triangle, SEGMENT)
    for comparison in compare(traces[: len(NAMES)]):
        yield from (comparison, *comparison.layers)
    yield from bound_rows(traces[: len(NAMES)])
    phases = (Phase(1, 0, active=False),)
    yield from (Layerwise(), Triangle(phases=phases), Coupling((0,), (0,), SEGMENT, SQUARE))
    yield PhaseSearch(gallery.maximum(2), SQUARE, ONE, first_layer_first)
    found = cost(relaxation("triangle"), gallery.tent(), SEGMENT, (0, 2, 0, 2, 0))
    yield from (Piece(Kind.HULL), found, *found.layers)
    yield from (method.in_floats for method in METHODS)


def _certificates() -> Iterator[object]:
    tent, largest = gallery.tent(), gallery.maximum(2)
    yield certify_range(tent, SEGMENT, "p:1")
    yield certify_gap(tent, SEGMENT, "p:1")
    yield certify_infeasible(tent, SEGMENT, [Bound(output_form(tent, 0), ZERO)])
    yield certify_hull(gallery.absolute_value(), SEGMENT)
    yield certify_lipschitz(largest, SQUARE)
    pairs = [((ZERO, ZERO), end, ONE / 2) for end in ((ONE, ZERO), (ZERO, ONE))]
    yield certify_missed(largest, SQUARE, pairs)
    absolute = gallery.absolute_value()
    yield certify_outside(absolute, SEGMENT, ((ONE, 3, 0),), span=[((ONE, 0, 0),)])
    yield from verdicts(tent, SEGMENT, "triangle")
    one = vector([1])
    chains = FiniteSpace((1, 1, 1), one, vector([-1, 0]), one, SEGMENT)
    yield from (certify_enumeration(chains, "triangle"), *chains.classes())


def _expressivity() -> Iterator[object]:
    absolute, hat = Piecewise.of_slopes([-1, 1], [0]), gallery.hat()
    yield from (absolute, decide(gallery.absolute_value(), "ibp"), *CATALOGUE)
    ends = Ends(-ONE, ONE)
    yield from (ends, chord(ends), Substitution(ONE), solution_space(absolute, "dp0"))
    yield from patches((ZERO,), (None, None))
    yield from best_pairs(max, cube(2))
    yield newton.max_min([[[1, 0], [0, 1]], [[1, 0]]])
    yield newton.obstruction(newton.maximum(3), 1)
    yield jumps(hat, SEGMENT)
    yield one_hidden_layer(gallery.maximum(3), Polytope.box([-1] * 3, [1] * 3))
    yield too_many_pieces(hat, SEGMENT, [1])
    yield (replacement_chain(gallery.maximum(2)), LabelledPoints.of_function(2, all))
    yield (Symmetric((False, True)), Circuits.of(1), Circuits.of(2))
    single, pair = (
        Orbit.of(frozenset(forms)) for forms in ({(1, 0, 0)}, {(1, 0, 0), (0, 1, 0)})
    )
    known = Dictionary((single,), Arrangement.of([pair]))
    yield from (known, known.find(pair), known.find(single))


def _searches() -> Iterator[object]:
    space = Space((1, 2, 1), SIGNS, (-ONE, ONE), (UNIT,))
    asked = Question(space, "triangle", "exact")
    yield from (asked, *explore(asked), space[5], mixture(gallery.tent(), SEGMENT))
    deep = Space((1, 2, 2, 1), SIGNS, (-ONE, ONE), (UNIT,))
    yield from (*deep.symmetries, hull_values(deep, deep[7]))
    yield from (Inquiry((space,), ("dp0",)), certified(gallery.tent_merged(), "dp0", 7))
    plane = PlaneInquiry(vector([0, 1]), vector([0, "1/2"]))
    yield from (plane, answer(MaxMin(((_E[0],), (_E[1], vector([0, 0, "1/2"])))), SQUARE))
    yield Trial(Proposals((1, 1, 1), (UNIT,), 0, 2 * ONE), "p:1", "exact")
    yield Witness(gallery.tent(), SEGMENT, "p:1", "exact")
    yield from map(rederive, choose(load_claims(), ["p0-tent"]))


_E = (vector([1, 0, 0]), vector([0, 1, 0]))
