"""What is certified is what the relaxations say, and the checker accepts it."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.certificate import Bound, Certificate, Statement
from polyrelax.certificates.certify import (
    ContraryError,
    certify_exact,
    certify_infeasible,
    certify_looser,
    certify_maximum,
    certify_range,
    exact_row,
)
from polyrelax.certificates.check import check
from polyrelax.certificates.hulls import certify_hull
from polyrelax.certificates.ledger import Ledger
from polyrelax.errors import FalseBoundError, ShapeError
from polyrelax.networks.gallery import tent
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.strategies import networks
from polyrelax.systems.cases import RefutedError
from tests.certificates.cases import NAMES, PROBLEMS, output, samples


def ends(certificate: Certificate) -> tuple[Fraction, Fraction]:
    upper, _, lower, _ = certificate.values
    return -lower, upper


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_certified_range_is_that_of_the_relaxation(name: str, problem: str) -> None:
    net, domain = PROBLEMS[problem]
    certificate = certify_range(net, domain, name)
    assert ends(certificate) == propagate(net, domain, relaxation(name)).output[0]
    assert check(certificate.dumps()) == str(certificate)


@settings(max_examples=15)
@given(
    networks(in_dim=2, widths=(2, 2, 1)),
    st.sampled_from(("ibp", "dp0", "dp1", "crown", "fastlin", "triangle", "m:1", "exact")),
)
def test_the_range_of_any_network_is_certified(net: Network, name: str) -> None:
    box = Polytope.box([-1, 0], [1, "1/2"])
    certificate = certify_range(net, box, name)
    assert ends(certificate) == propagate(net, box, relaxation(name)).output[0]
    assert check(certificate.dumps()) == str(certificate)


@settings(max_examples=5)
@given(
    networks(in_dim=1, widths=(2, 2, 1)),
    st.sampled_from(("krelu:2", "m:2", "p:1", "p:2", "p:3")),
)
def test_hulls_of_any_network_are_certified(net: Network, name: str) -> None:
    box = Polytope.box([-1], [1])
    certificate = certify_range(net, box, name)
    assert ends(certificate) == propagate(net, box, relaxation(name)).output[0]
    assert check(certificate.dumps()) == str(certificate)


def test_a_form_of_several_values_is_certified() -> None:
    net, box = PROBLEMS["two neurons"]
    difference = ((ONE, 2, 0), (-ONE, 2, 1))
    for name in ("triangle", "krelu:2", "p:1", "exact"):
        certificate = certify_maximum(net, box, name, difference)
        assert certificate.values[0] == 2  # relu(2) - relu(0), at (1, 1)
        check(certificate.dumps())


def test_a_strictly_looser_relaxation_is_certified() -> None:
    net, box = PROBLEMS["two neurons"]
    certificate = certify_looser(net, box, "triangle", "krelu:2", form=output(net))
    assert check(certificate.dumps()) == (
        "triangle: 1 v(3, 0) reaches 3; krelu:2: 1 v(3, 0) <= 2"
    )
    with pytest.raises(ContraryError, match="found krelu:2 at 2 and exact at 2") as failed:
        certify_looser(net, box, "krelu:2", "exact", form=output(net))
    assert check(failed.value.contrary.dumps()) == (
        "krelu:2: 1 v(3, 0) <= 2; exact: 1 v(3, 0) reaches 2"
    )


def test_an_exact_bound_is_certified() -> None:
    net, box = PROBLEMS["two neurons"]
    certificate = certify_exact(net, box, "krelu:2", form=output(net))
    assert check(certificate.dumps()).endswith("exact: 1 v(3, 0) reaches 2")
    with pytest.raises(
        ContraryError, match="found triangle at 3 and the network at 2"
    ) as failed:
        certify_exact(net, box, "triangle", form=output(net))
    assert check(failed.value.contrary.dumps()) == (
        "triangle: 1 v(3, 0) reaches 3; exact: 1 v(3, 0) <= 2"
    )


def test_a_value_that_no_input_gives_is_certified() -> None:
    net, box = tent(), Polytope.box([-1], [1])  # its values are [1, 2]
    certificate = certify_infeasible(net, box, [Bound(output(net), Fraction(99, 100))])
    assert check(certificate.dumps()).startswith("assuming 1 v(5, 0) <= 99/100: exact: 0 <= -1")
    with pytest.raises(RefutedError, match="expected none") as failed:
        certify_infeasible(net, box, [Bound(output(net), ONE)])
    point = failed.value.point
    assert net((point[0, 0],)) == (point[5, 0],) == (1,)


def test_a_tree_of_too_few_neurons_refutes_nothing() -> None:
    """The network is at most 2; with its second neuron unknown the first case says less."""
    net, box = PROBLEMS["two neurons"]
    with pytest.raises(FalseBoundError, match="with all neurons split") as failed:
        exact_row(Ledger(net, box), output(net), Fraction(2), order=[(2, 0)])
    assert not isinstance(failed.value, RefutedError)


@given(networks(in_dim=2, widths=(2, 2, 1)), st.fractions(-3, 3, max_denominator=4))
def test_a_bound_is_proved_or_refuted_by_a_point_of_the_network(
    net: Network, value: Fraction
) -> None:
    box, form = Polytope.box([-1, 0], [1, "1/2"]), output(net)
    ledger = Ledger(net, box)
    try:
        row = exact_row(ledger, form, value)
    except RefutedError as refuted:
        point = refuted.point
        x = (point[0, 0], point[0, 1])
        assert all(ends.lower <= c <= ends.upper for ends, c in zip(box.bounds, x, strict=True))
        assert net(x)[0] == point[len(net.layers), 0] > value
    else:
        check(ledger.certificate([Statement("exact", form, "at most", value, row)]).dumps())


@pytest.mark.parametrize(
    ("problem", "facets", "points"),
    [
        ("two neurons", 5, 5),
        ("maximum on a box", 4, 4),
        ("skip connection", 4, 4),
    ],
)
def test_the_hull_of_a_graph_is_certified(problem: str, facets: int, points: int) -> None:
    certificate = certify_hull(*PROBLEMS[problem])
    assert check(certificate.dumps()) == str(certificate)
    assert str(certificate).endswith(f"has {facets} facets and {points} vertices")


def test_the_hull_of_a_layer_is_certified() -> None:
    pyramid = Polytope.hull([[-1, -1], [2, -1], [0, 2]], 2)
    certificate = certify_hull(Network((ReLU(2),)), pyramid)
    assert check(certificate.dumps()) == str(certificate)


def test_a_flat_hull_is_refused() -> None:
    with pytest.raises(ShapeError, match="found a hull of dimension 2, expected 3"):
        certify_hull(network(([[1, 1]], [0])), Polytope.box([0, 0], [1, 1]))


def test_certificates_are_the_same_bytes_each_time() -> None:
    net, box = PROBLEMS["two neurons"]
    first, second = (certify_range(net, box, "krelu:2").dumps() for _ in range(2))
    assert first == second


def test_every_kind_of_node_occurs_in_the_samples() -> None:
    kinds = {
        node["kind"] for sample in samples() for node in json.loads(sample.dumps())["nodes"]
    }
    assert kinds == {
        *("linear", "cases", "interval", "boxes", "range"),
        *("run", "point", "between", "windows", "hull", "functional"),
        *("pairs", "gradients"),
    }
