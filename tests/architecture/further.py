"""Right calls of what no docstring calls, and of what reads files, which must stay."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

from polyrelax import strategies
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.certificates import subjects
from polyrelax.certificates.certificate import Bound
from polyrelax.certificates.certify import certify_exact, certify_infeasible, certify_looser
from polyrelax.certificates.check import Inputs, Subject
from polyrelax.certificates.value_forms import output_form
from polyrelax.expressivity.boolean_functions import Symmetric
from polyrelax.expressivity.catalogue import Entry, Evidence
from polyrelax.expressivity.constructions.plans import Curved, Straight
from polyrelax.expressivity.one_hidden_layer import UnequalJumps, one_hidden_layer
from polyrelax.expressivity.piecewise import Line, Piecewise
from polyrelax.interop import (
    claimed_bounds,
    claimed_rows,
    claimed_verdicts,
    data_sets,
    input_sets,
    instances,
    labels,
    lipschitz_json,
    network_json,
    npy,
    opening,
    points,
    radii,
    vnnlib,
    witnesses,
)
from polyrelax.interop.documents import Node
from polyrelax.interop.onnx import reading, writing
from polyrelax.lp import LinearProgram, Optimizer, Unbounded
from polyrelax.networks import gallery
from polyrelax.networks.layers import Affine
from polyrelax.networks.lipschitz import norm_bounded
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.component import Component
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.neurons.selection import Selection
from polyrelax.networks.neurons.sort import Sort
from polyrelax.plotting.searches import stored_gaps
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.barrier import BarrierMethod
from polyrelax.relaxations.group_barrier import GroupMethod
from polyrelax.search.candidates import Space
from polyrelax.search.executor import explore, limited, slice_count
from polyrelax.search.inexpressibility import Inquiry, Survey
from polyrelax.search.question import Question
from polyrelax.search.store import Store
from polyrelax.search.surveys import survey_data, survey_from
from polyrelax.strategies.code import code
from polyrelax.systems import cases
from polyrelax.systems.places import bending_units, placed_units
from polyrelax.systems.rows import Excluded, Leaf, input_rows, piece_rows
from polyrelax.systems.system import Bound as Found
from polyrelax.systems.system import Empty, System
from polyrelax.verification.radii import method_named

SEGMENT = Polytope.box([-1], [1])
SQUARE = Polytope.box([-1, -1], [1, 1])
UNIT = Interval(-ONE, ONE)
RADII = """{"format": "polyrelax-radius/1", "method": "lp-all",
"results": [{"image": 0, "lower": 1, "upper": 2}]}"""
DATA_SET = '{"format": "polyrelax-dataset/1", "points": [[0], [1]], "labels": [0, 1]}'
PROPERTY = "(declare-const X_0 Real) (declare-const Y_0 Real) (assert (<= 0 X_0 1))"


def further(folder: Path) -> None:
    """Call everything once; files are left in a folder."""
    _neurons()
    _files(folder)
    _programs()
    _certificates()
    _expressivity()
    _systems()
    _verification()
    _searches(folder)
    _strategies()


def _neurons() -> None:
    for neuron in (Absolute(), Rectifier(), Pass(), MaxMin(), Maximum(2), Minimum(2), Sort(2)):
        _answers(neuron)
    _answers(Component(Sort(3), 1))
    _answers(Selection(2))


def _answers(neuron: Neuron) -> None:
    """Ask a neuron everything."""
    box = (UNIT,) * neuron.in_dim
    neuron((ZERO,) * neuron.in_dim)
    neuron.piece(0)
    list(neuron.live(box))
    neuron.range(box)
    neuron.rows(box)
    neuron.least((ONE,) * (neuron.in_dim + neuron.out_dim), box)
    neuron.component(0)


def _files(folder: Path) -> None:
    network, problem = folder / "net.onnx", folder / "net.json"
    writing.write(gallery.tent(), network)
    reading.read(network)
    reading.load(network)
    reading.graph_of(network)
    network_json.write(network_json.Problem(gallery.tent(), SEGMENT), problem)
    network_json.read(problem)
    opening.read_bytes(problem)
    opening.read_text(problem)
    data_sets.read(_file(folder / "data.json", DATA_SET))
    instances.read(_file(folder / "instances.csv", "net.onnx,first.vnnlib,116\n"))
    labels.read(_file(folder / "labels.csv", "7,0,51\n2,255,0"))
    radii.read(_file(folder / "radii.json", RADII))
    norm_bounded(Affine.dense([[ONE]]))
    lipschitz_json.from_node(
        Node({"norm_bounded": {"weight": [["1"]], "bias": ["0"]}}, "layers[0]")
    )
    npy.floats(_array(np.zeros(2)))
    npy.integers(_array(np.arange(2)))
    input_sets.read(_file(folder / "set.json", '{"inequalities": [["1", "1"], ["2", "-1"]]}'))
    points.read(_file(folder / "points.csv", "0.5,1\n"), 2)
    claimed_bounds.read(_file(folder / "bounds.txt", "0 2"), gallery.tent())
    claimed_verdicts.read(_file(folder / "results.csv", "net.onnx,far.vnnlib,unsat\n"))
    claimed_rows.read(_file(folder / "rows.txt", "0 0 1"), 1)
    witnesses.read(_file(folder / "point.txt", "((X_0 0.5))"), 1, 1)
    vnnlib.read(_file(folder / "property.vnnlib", PROPERTY))


def _file(path: Path, content: str) -> Path:
    path.write_text(content)
    return path


def _array(values: npt.NDArray[np.number]) -> bytes:
    written = BytesIO()
    np.save(written, values)
    return written.getvalue()


def _programs() -> None:
    ray, objective = LinearProgram((ZERO,), (None,)), ((0, ONE),)
    lowest = Optimizer(ray).minimum(objective)
    assert lowest.proves_minimum(ray, objective)
    endless = Optimizer(LinearProgram((None,), (ZERO,))).minimize(objective)
    assert isinstance(endless, Unbounded)
    endless.proves_no_minimum(LinearProgram((None,), (ZERO,)), objective)


def _certificates() -> None:
    tent, form = gallery.tent(), output_form(gallery.tent(), 0, -ONE)
    certify_looser(tent, SEGMENT, "p:1", "exact", form=form)
    certify_exact(tent, SEGMENT, "p:1", form=output_form(tent, 0))
    certify_infeasible(tent, SEGMENT, [Bound(output_form(tent, 0), ZERO)])
    subject = Subject(
        "network", [1], subjects.digest(tent), Inputs(1, box=([-1], [1], 1)), True
    )
    subjects.is_about_network(subject, tent)
    subjects.is_about_inputs(subject, SEGMENT)


def _expressivity() -> None:
    found = one_hidden_layer(gallery.maximum(3), Polytope.box([-1] * 3, [1] * 3))
    assert isinstance(found, UnequalJumps)
    found.holds(gallery.maximum(3))
    Entry("C0", "A statement.", "derived", Evidence.PROVED)
    Straight(Line(ONE, ZERO))
    Curved(Piecewise.of_slopes([-1, 1], [0]))
    Symmetric((False, True))((1,))


def _systems() -> None:
    network = gallery.absolute_value()
    first, second = bending_units(network, 2)
    rows = [*input_rows(SEGMENT), *piece_rows(placed_units(network, 1)[0], 0)]
    system, form = System(tuple(rows)), (((2, 0), ONE),)
    cases.maximum(system, form, [first, second])
    cases.proved(system, form, ONE, [first, second])
    bound = system.in_piece(first, 1).bound((((1, 0), ONE),))
    assert isinstance(bound, Found)
    first.agrees(bound.point)
    node = cases.Node(0, system, bound, (first,))
    node.is_proved(ONE)
    Leaf(bound.terms)
    Excluded(bound.terms)
    Empty(bound.terms)
    cases.highest_first(node)


def _verification() -> None:
    BarrierMethod("lp-last", improves_neurons=False, improves_forms=True)
    method_named("lp-all")
    GroupMethod(3)


def _searches(folder: Path) -> None:
    space = Space((1, 2, 1), (-ONE, ZERO, ONE), (-ONE, ONE), (UNIT,))
    question = Question(space, "triangle", "exact")
    list(space.slice(0, 2))
    parts = list(limited(tuple(explore(question)), 1))
    slice_count(question)
    store = Store.begin(folder / "search", question)
    store.add(parts[0])
    list(Store.open(folder / "search").findings())
    stored_gaps(store)
    inquiry = Inquiry((space,), ("dp0",))
    inquiry.network(0)
    survey = Survey.begin(inquiry)
    survey.class_of(gallery.tent())
    list(survey.without("dp0"))
    survey_from(inquiry, survey_data(survey))


def _strategies() -> None:
    code(gallery.tent())
    for of_dim in (strategies.vectors, strategies.constraints, strategies.hulls):
        of_dim(2)
    for polytopes in (strategies.boxes, strategies.polytopes, strategies.systems):
        polytopes(2)
    strategies.flat_polytopes(2)
    strategies.points_in(SQUARE)
    strategies.boxes_in(SQUARE)
    strategies.affine_layers(2, 1)
    for networks in (strategies.networks, strategies.mixed_networks, strategies.cpwl):
        networks(2)
    strategies.neuron_networks(2)
    strategies.rationals()
    strategies.breakpoints()
    strategies.piecewise()
