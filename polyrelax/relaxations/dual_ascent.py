r"""Multipliers for many bounds at once, by dual ascent in floats.

For lower slopes :math:`\alpha \in [0, 1]` of the unstable neurons, chosen for each form anew,
back-substitution bounds the form by a convex function :math:`J(\alpha)`: it is the dual
objective of :cite:t:`wong2018`, and its least value is the optimum over the triangles whose
upper lines are the steps' :cite:p:`salman2019`.  Where the coefficient of a neuron is
:math:`f < 0`, a subgradient is :math:`\partial J / \partial \alpha = f z`, with :math:`z` the
neuron's input at the point that attains the bound.

*Algorithm.*  Start with the better of parallel and adaptive slopes; then some steps of Adam,
projected onto :math:`[0, 1]`, all forms together; the best slopes of each form are kept.  A
step costs two products with each layer.

Nothing here is exact: floats propose, and
:mod:`polyrelax.relaxations.integer_substitution` proves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, final

import numpy as np

from polyrelax.arithmetic.integer_matrix import Forms
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.relaxations.float_steps import (
    FloatAffine,
    FloatStep,
    FloatTriangles,
    cone,
    needed,
)
from polyrelax.relaxations.wishes import Wanted, Wishes

STEPS: Final = 30
"""After so many steps bounds of trained networks of 200 neurons are mostly within 1e-5 of the
width of the optimum, at worst within 1e-3; of networks of ten neurons within hundredths."""

_RATE, _DECAY = 0.5, 0.01
"""The first rate of steps and what it falls to, geometrically."""
_FIRST, _SECOND = 0.5, 0.9
"""How much of the running means is kept.  With Adam's usual .9 and .99, and rates that fall to
0 along a line, the mean distance from the optimum was five times as large."""
_TINY: Final = 1e-12
_CLOSED: Final = 1e-10
"""The part of a bound by which it may exceed what is attained and still be the best."""

FloatBox: TypeAlias = tuple[Doubles, Doubles]
"""Lower and upper ends."""
Slopes: TypeAlias = dict[int, Doubles]
"""Lower slopes, or other numbers, of the unstable neurons of some steps, for each form."""


@final
@dataclass(frozen=True, eq=False)
class Cone:
    """A box of inputs and the steps behind it, as far as some values depend on them."""

    lower: Doubles
    upper: Doubles
    steps: tuple[FloatStep, ...]

    def triangles(self) -> list[tuple[int, FloatTriangles]]:
        """Return the layers of neurons that bend, and their places."""
        numbered = enumerate(self.steps)
        return [
            (k, step)
            for k, step in numbered
            if isinstance(step, FloatTriangles) and len(step.unstable)
        ]

    def parallel(self, count: int) -> Slopes:
        """Return Fast-Lin's slopes for so many forms."""
        return {
            k: np.tile(step.slopes[step.unstable], (count, 1)) for k, step in self.triangles()
        }

    def adaptive(self, count: int) -> Slopes:
        """Return CROWN's slopes for so many forms."""
        return {k: np.rint(slopes) for k, slopes in self.parallel(count).items()}


@final
@dataclass(frozen=True, eq=False)
class Substituted:
    """What substitution makes of some forms: bounds, and coefficients on the way.

    ``read`` are the coefficients of unstable neurons, ``left`` those of their inputs, and
    ``forms`` those of the box.
    """

    values: Doubles
    read: Slopes
    left: Slopes
    forms: Doubles


def substituted(cone: Cone, forms: Doubles, slopes: Slopes) -> Substituted:
    """Return upper bounds of forms of the values after the last step, for lower slopes.

    >>> signed = np.ones(1)
    >>> triangle = FloatTriangles.over(-signed, signed, [0])
    >>> relu = Cone(-signed, signed, (triangle,))
    >>> substituted(relu, np.array([[1.0], [-1.0]]), relu.adaptive(2)).values.tolist()
    [1.0, 0.0]
    """
    values, read, left = np.zeros(len(forms)), {}, {}
    for k in reversed(range(len(cone.steps))):
        step = cone.steps[k]
        if isinstance(step, FloatAffine):
            values += forms @ step.bias
            forms = step.product(forms)
            continue
        here = step.unstable
        if len(here):
            read[k] = forms[:, here]
            above = np.maximum(read[k], 0)
            values += above @ step.intercepts[here]
            left[k] = above * step.slopes[here] + (read[k] - above) * slopes[k]
        forms = forms * step.slopes
        if len(here):
            forms[:, here] = left[k]
    ends = np.maximum(forms, 0) @ cone.upper + np.minimum(forms, 0) @ cone.lower
    return Substituted(values + ends, read, left, forms)


def parallel_ends(cone: Cone, forms: Doubles) -> FloatBox:
    """Return lower and upper bounds of forms by lines of the same slope on both sides.

    What these leave of a form is the opposite of what they leave of its opposite, so that both
    bounds cost as much as one.

    >>> signed = np.ones(1)
    >>> relu = Cone(-signed, signed, (FloatTriangles.over(-signed, signed, [0]),))
    >>> [end.tolist() for end in parallel_ends(relu, np.array([[1.0], [-1.0]]))]
    [[-0.5, -1.0], [1.0, 0.5]]
    """
    lower, upper = np.zeros(len(forms)), np.zeros(len(forms))
    for step in reversed(cone.steps):
        if isinstance(step, FloatAffine):
            shift = forms @ step.bias
            lower, upper, forms = lower + shift, upper + shift, step.product(forms)
            continue
        read, intercepts = forms[:, step.unstable], step.intercepts[step.unstable]
        lower += np.minimum(read, 0) @ intercepts
        upper += np.maximum(read, 0) @ intercepts
        forms = forms * step.slopes
    middle = forms @ ((cone.lower + cone.upper) / 2)
    spread = np.abs(forms) @ ((cone.upper - cone.lower) / 2)
    return lower + middle - spread, upper + middle + spread


def adaptive_ends(cone: Cone, forms: Doubles) -> FloatBox:
    """Return lower and upper bounds of forms by CROWN's slopes.

    >>> signed = np.ones(1)
    >>> relu = Cone(-signed, signed, (FloatTriangles.over(-signed, signed, [0]),))
    >>> [end.tolist() for end in adaptive_ends(relu, np.array([[-1.0]]))]
    [[-1.0], [0.0]]
    """
    both = np.concatenate([forms, -forms])
    upper, lower = np.split(substituted(cone, both, cone.adaptive(len(both))).values, 2)
    return -lower, upper


def ascended(cone: Cone, forms: Doubles, steps: int = STEPS) -> tuple[Doubles, Slopes]:
    """Return upper bounds of forms, and the multipliers of unstable neurons' inputs.

    That ``-relu(x) <= 0`` on ``[-1, 1]`` needs the slope 0, where parallel lines give 1/2:

    >>> end = np.ones(1)
    >>> relu = Cone(-end, end, (FloatTriangles.over(-end, end, [0]),))
    >>> ascended(relu, np.array([[-1.0]]))[0].tolist()
    [0.0]
    """
    run = _Ascent(cone, forms, _start(cone, forms))
    if run.slopes:
        for k in range(steps):
            run.step(_RATE * _DECAY ** (k / steps))
    found = substituted(cone, forms, run.best)
    return found.values, found.left


def _start(cone: Cone, forms: Doubles) -> Slopes:
    """Return for each form the better of two choices of slopes."""
    parallel, adaptive = cone.parallel(len(forms)), cone.adaptive(len(forms))
    values = [substituted(cone, forms, slopes).values for slopes in (parallel, adaptive)]
    first = (values[0] < values[1])[:, None]
    return {k: np.where(first, parallel[k], adaptive[k]) for k in parallel}


@final
@dataclass
class _Ascent:
    """Slopes on their way to the best; a builder, which changes."""

    cone: Cone
    forms: Doubles
    slopes: Slopes
    moments: dict[int, tuple[Doubles, Doubles]] = field(default_factory=dict)
    taken: int = 0

    def __post_init__(self) -> None:
        self.values = np.full(len(self.forms), np.inf)
        self.best = {k: slopes.copy() for k, slopes in self.slopes.items()}
        for k, slopes in self.slopes.items():
            self.moments[k] = (np.zeros_like(slopes), np.zeros_like(slopes))

    def step(self, rate: float) -> None:
        """Keep what is better than before, and go on along the gradient."""
        found = substituted(self.cone, self.forms, self.slopes)
        better = found.values < self.values
        self.values = np.where(better, found.values, self.values)
        for k, slopes in self.slopes.items():
            self.best[k][better] = slopes[better]
        self.taken += 1
        for k, gradient in _gradients(self.cone, found, self.slopes):
            self.slopes[k] = np.clip(self.slopes[k] - rate * self._adam(k, gradient), 0, 1)

    def _adam(self, k: int, gradient: Doubles) -> Doubles:
        """Return the direction that Adam takes, from running means and squares."""
        mean, square = self.moments[k]
        mean = _FIRST * mean + (1 - _FIRST) * gradient
        square = _SECOND * square + (1 - _SECOND) * gradient**2
        self.moments[k] = (mean, square)
        scale = np.sqrt(square / (1 - _SECOND**self.taken)) + _TINY
        direction: Doubles = mean / (1 - _FIRST**self.taken) / scale
        return direction


def _gradients(cone: Cone, found: Substituted, slopes: Slopes) -> list[tuple[int, Doubles]]:
    """Return the derivatives by slopes, from the points that attain the bounds."""
    inputs, _ = _followed(cone, found, lambda k, z: z * slopes[k])
    return [(k, np.minimum(found.read[k], 0) * z) for k, z in inputs.items()]


def _followed(
    cone: Cone, found: Substituted, below: Callable[[int, Doubles], Doubles]
) -> tuple[Slopes, Doubles]:
    """Return the inputs of unstable neurons, and the last values, where bounds are attained.

    Neurons with positive coefficients are on their upper lines, others where ``below`` says.
    """
    points, inputs = np.where(found.forms > 0, cone.upper, cone.lower), {}
    for k, step in enumerate(cone.steps):
        if isinstance(step, FloatAffine):
            points = step.image(points)
            continue
        here = step.unstable
        z = points[:, here]
        points = points * step.slopes
        if len(here):
            inputs[k] = z
            above = z * step.slopes[here] + step.intercepts[here]
            points[:, here] = np.where(found.read[k] > 0, above, below(k, z))
    return inputs, points


def _loose(cone: Cone, forms: Doubles, found: Substituted) -> Integers:
    """Return the forms whose bounds may not be attained within the triangles."""
    _, points = _followed(cone, found, lambda _, z: np.maximum(z, 0))
    gaps = found.values - (forms * points).sum(axis=1)
    return np.flatnonzero(~(gaps <= _CLOSED * np.abs(found.values)))


def ascended_wishes(
    box: Sequence[Interval],
    steps: Sequence[FloatStep],
    forms: Forms,
    *,
    taken: int = STEPS,
) -> Wishes | None:
    """Return multipliers for the maxima of some forms of the values behind some steps.

    ``taken`` is how many steps the ascent takes.  ``None`` where nothing is unstable, so that
    plain back-substitution is exact.

    A rectifier over ``[-1, 1]`` is at most ``(x + 1)/2``, a half of its input:

    >>> from polyrelax.relaxations.integer_substitution import unit_forms
    >>> end = np.ones(1)
    >>> steps = [FloatTriangles.over(-end, end, [0])]
    >>> wishes = ascended_wishes((Interval(-1, 1),), steps, unit_forms(np.array([0])))
    >>> [(k, float(wanted.multipliers[0, 0])) for k, wanted in (wishes or {}).items()]
    [(0, 0.5)]
    """
    inner = _live_cone(box, steps, forms)
    if not inner.triangles():
        return None
    maxima = audible(steps, forms.columns, forms.doubles())
    return _wishes(inner, steps, forms, ascended(inner, maxima, taken)[1])


def settled_wishes(
    box: Sequence[Interval], steps: Sequence[FloatStep], forms: Forms
) -> tuple[Wishes, Integers] | None:
    """Return multipliers from the start of an ascent, and which may not be the best.

    >>> from polyrelax.relaxations.integer_substitution import unit_forms
    >>> end = np.ones(1)
    >>> steps = [FloatTriangles.over(-end, end, [0])]
    >>> found = settled_wishes((Interval(-1, 1),), steps, unit_forms(np.array([0])))
    >>> found is not None and found[1].tolist()
    []
    """
    inner = _live_cone(box, steps, forms)
    maxima = audible(steps, forms.columns, forms.doubles())
    if not inner.triangles():
        return None
    found = substituted(inner, maxima, _start(inner, maxima))
    return _wishes(inner, steps, forms, found.left), _loose(inner, maxima, found)


def _live_cone(box: Sequence[Interval], steps: Sequence[FloatStep], forms: Forms) -> Cone:
    lower, upper = (np.array([float(x[side]) for x in box]) for side in (0, 1))
    return live_cone((lower, upper), steps, forms.columns)


def _wishes(
    inner: Cone, steps: Sequence[FloatStep], forms: Forms, multipliers: Slopes
) -> Wishes:
    places = needed(steps, forms.columns)
    return {
        k: Wanted(places[k][step.unstable], step.slopes[step.unstable], multipliers[k])
        for k, step in inner.triangles()
    }


def live_cone(box: FloatBox, steps: Sequence[FloatStep], rows: Integers) -> Cone:
    """Return what some values behind steps depend on, without what is silent.

    >>> from polyrelax.networks.affine import Affine
    >>> last, end = FloatAffine.of(Affine.dense([[0, 3], [1, 0]])), np.arange(2.0)
    >>> live_cone((-end, end), [last], np.array([0])).upper.tolist()
    [1.0]
    """
    places = needed(steps, rows)
    lower, upper = (end[places[0]] for end in box)
    return Cone(lower, upper, cone(steps, places))


def audible(steps: Sequence[FloatStep], rows: Integers, forms: Doubles) -> Doubles:
    """Return forms of some values behind steps, as forms of those that are not silent.

    >>> relu = FloatTriangles.over(np.array([-1.0, -1.0]), np.array([1.0, 0.0]), [0, 1])
    >>> audible([relu], np.arange(2), np.array([[3.0, 5.0]]))
    array([[3.]])
    """
    return forms[:, np.isin(rows, needed(steps, rows)[-1])]
