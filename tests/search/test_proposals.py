"""Proposals: reproducible, within their region, and judged by exact arithmetic alone."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.search import proposals
from polyrelax.search.proposals import Method, Proposals, Trial
from polyrelax.search.question import Side, side_gap

UNIT = Interval(Fraction(-1), Fraction(1))


def drawn(
    shape: tuple[int, ...] = (1, 2, 2, 1), *, seed: int = 0, denominator: int = 1
) -> Proposals:
    return Proposals(shape, (UNIT,) * shape[0], seed, Fraction(2), denominator)


@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 3, 1), (1, 2, 2, 1), (2, 1, 3, 2, 1)])
@pytest.mark.parametrize("method", list(Method))
def test_proposals_have_their_shape_and_bounded_parameters_of_one_denominator(
    shape: tuple[int, ...], method: Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposals, "STEPS", 50)
    region = Proposals(shape, (UNIT,) * shape[0], 5, Fraction(3, 2), 4, method)
    for number in range(3):
        found = region[number]
        widths = (shape[0], *(len(rows) for rows in found.hidden), 1)
        assert widths == shape
        assert found.network.in_dim == shape[0]
        entries = [a for rows in found.hidden for row in rows for a in row]
        for entry in (*entries, *found.outputs):
            assert abs(entry) <= Fraction(3, 2)
            assert 4 % entry.denominator == 0


def test_a_number_and_a_seed_name_a_proposal() -> None:
    many = [drawn(denominator=8)[number] for number in range(20)]
    assert many == [drawn(denominator=8)[number] for number in range(20)]
    assert len(set(many)) == 20
    assert not set(many) & {drawn(seed=1, denominator=8)[number] for number in range(20)}


def test_climbing_finds_gaps_where_drawing_finds_none() -> None:
    trials = {m: Trial(replaced(m), "p:1", "exact") for m in Method}
    gaps = {
        m: [trial.witness(f.number).gap for f in trial.findings(range(4))]
        for m, trial in trials.items()
    }
    assert max(gaps[Method.ASCENT]) > max(gaps[Method.RANDOM])


def replaced(method: Method, side: Side = Side.BOTH) -> Proposals:
    return Proposals((1, 3, 3, 1), (UNIT,), 0, Fraction(2), 1, method, side)


@pytest.mark.parametrize(("side", "other"), [("upper", "lower"), ("lower", "upper")])
def test_the_gap_of_the_side_asked_for_is_climbed(side: str, other: str) -> None:
    asked, opposite = Side(side), Side(other)
    trial = Trial(replaced(Method.ASCENT, asked), "p:1", "exact")
    found = list(trial.findings(range(6)))
    total = [sum(side_gap(s, f.tight, f.loose) for f in found) for s in (asked, opposite)]
    assert total[0] > total[1]


def test_an_estimate_that_is_wrong_invents_no_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    # One hidden layer: P_1 is exact, whatever the floats say.
    monkeypatch.setattr(proposals, "STEPS", 20)
    region = Proposals((1, 3, 1), (UNIT,), 0, Fraction(2), 3, Method.ASCENT, Side.BOTH)
    for finding in Trial(region, "p:1", "exact").findings(range(5)):
        assert finding.loose == finding.tight


def test_findings_are_the_relaxations_own_on_any_executor() -> None:
    trial = Trial(drawn(denominator=2), "triangle", "p:1")
    alone = list(trial.findings(range(9)))
    with ThreadPoolExecutor(2) as executor:
        assert list(trial.findings(range(9), executor)) == alone
    for finding in alone:
        network, domain = trial.proposals[finding.number].network, trial.proposals.domain
        loose = propagate(network, domain, relaxation("triangle")).output[0]
        tight = propagate(network, domain, relaxation("p:1")).output[0]
        assert (finding.loose, finding.tight) == (loose, tight)


def test_parameters_have_the_denominator_where_the_bound_does_not() -> None:
    # Multiples of 1/2 up to 4/3: the greatest is 1.
    region = Proposals((1, 3, 3, 1), (UNIT,), 0, Fraction(4, 3), 2)
    found = {c for number in range(20) for c in region[number].outputs}
    assert found == {Fraction(n, 2) for n in range(-2, 3)}


def test_a_bound_that_leaves_only_zero_is_refused() -> None:
    with pytest.raises(ShapeError, match="expected a bound of 1/2 or more"):
        Proposals((1, 1, 1), (UNIT,), 0, Fraction(1, 3), 2)


def test_a_bad_region_is_refused() -> None:
    with pytest.raises(ShapeError, match="such as 1-2-2-1"):
        drawn((1, 0, 1))
    with pytest.raises(ShapeError, match="the denominator 0"):
        drawn(denominator=0)
    with pytest.raises(ShapeError, match="the seed -1"):
        drawn(seed=-1)
    with pytest.raises(DimensionError, match="a box of dimension 1, expected 2"):
        Proposals((2, 1, 1), (UNIT,), 0, Fraction(1))
