r"""Bounds of a whole network in floats, to find out where a proof may succeed.

The bounds of a layer are those of back-substitution with one choice of slopes; those of
unstable neurons may be improved by :mod:`polyrelax.relaxations.dual_ascent`.  Rows of a layer
that read almost the same values are bounded together, on their cone of influence, which is cut
out of the network once for all boxes.

Nothing here is exact, and no bound of it leaves the search that asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias, final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.errors import TooLargeError
from polyrelax.networks.layers import Affine, Identity, Layer, rectified
from polyrelax.networks.network import Network
from polyrelax.relaxations.dual_ascent import (
    Cone,
    FloatBox,
    ascended,
    audible,
    live_cone,
)
from polyrelax.relaxations.float_steps import (
    FloatAffine,
    FloatStep,
    FloatTriangles,
    cone,
    groups_of_rows,
    needed,
)

BEYOND: Final = "found numbers beyond all floats, expected smaller ones"

ChosenEnds: TypeAlias = Callable[[Cone, Doubles], FloatBox]
"""Lower and upper bounds of forms of the values behind a cone."""


@final
@dataclass(frozen=True, eq=False)
class FloatNetwork:
    """A ReLU network whose weights are the nearest doubles; triangles stand for rectifiers.

    These are not over any box yet: they let everything pass.
    """

    steps: tuple[FloatStep, ...]
    rectified: dict[int, tuple[int, ...]]

    @classmethod
    def of(cls, network: Network) -> FloatNetwork:
        """Return the network in floats; its layers must be affine, ReLU or identity layers.

        Raises :class:`TooLargeError` for weights beyond all floats.

        >>> from polyrelax.networks.gallery import maximum
        >>> len(FloatNetwork.of(maximum(2)).steps)
        3
        """
        require(network, Network)
        layers = [layer for layer in network.layers if not isinstance(layer, Identity)]
        named = {
            k: rectified(layer)
            for k, layer in enumerate(layers)
            if not isinstance(layer, Affine)
        }
        try:
            return cls(tuple(map(_open_step, layers)), named)
        except OverflowError:
            raise TooLargeError(BEYOND) from None

    def activations(self, points: Doubles) -> list[Doubles]:
        """Return some points and the values after each step.

        >>> from polyrelax.networks.gallery import maximum
        >>> found = FloatNetwork.of(maximum(2))
        >>> found.activations(np.array([[-1.0, 0.5], [3.0, 2.0]]))[-1].tolist()
        [[0.5], [3.0]]
        """
        found = [points]
        for k, step in enumerate(self.steps):
            if isinstance(step, FloatAffine):
                found.append(step.image(found[-1]))
            else:
                found.append(np.where(self._is_off(k, found[-1]), 0, found[-1]))
        return found

    def gradient(self, activations: Sequence[Doubles], forms: Doubles) -> Doubles:
        """Return the gradients of forms of the outputs, one for each point.

        >>> from polyrelax.networks.gallery import maximum
        >>> found = FloatNetwork.of(maximum(2))
        >>> found.gradient(found.activations(np.array([[3.0, 2.0]])), np.ones((1, 1))).tolist()
        [[1.0, 0.0]]
        """
        for k in reversed(range(len(self.steps))):
            step = self.steps[k]
            if isinstance(step, FloatAffine):
                forms = step.product(forms)
            else:
                forms = np.where(self._is_off(k, activations[k]), 0, forms)
        return forms

    def _is_off(self, k: int, values: Doubles) -> npt.NDArray[np.bool_]:
        named = np.isin(np.arange(values.shape[1]), self.rectified[k])
        off: npt.NDArray[np.bool_] = named & (values < 0)
        return off

    @cached_property
    def _groups(self) -> dict[int, list[_Group]]:
        return {
            k: [_Group.of(self.steps[: k + 1], rows) for rows in groups_of_rows(step)]
            for k, step in enumerate(self.steps)
            if isinstance(step, FloatAffine)
        }

    def groups(self, k: int) -> list[_Group]:
        """Return the groups of rows of an affine step, with what they depend on."""
        return self._groups[k]


def _open_step(layer: Layer) -> FloatStep:
    if isinstance(layer, Affine):
        return FloatAffine.of(layer)
    none, one = np.zeros(0, dtype=np.int64), np.ones(layer.out_dim)
    return FloatTriangles(none, none, one, 0 * one)


@final
@dataclass(frozen=True, eq=False)
class _Group:
    """Some rows of an affine step and the steps up to it, between the needed coordinates."""

    rows: Integers
    places: list[Integers]
    steps: tuple[FloatStep, ...]

    @classmethod
    def of(cls, steps: tuple[FloatStep, ...], rows: Integers) -> _Group:
        places = needed(steps, rows)
        return cls(rows, places, cone(steps, places))

    def over(self, box: FloatBox, steps: list[FloatStep]) -> Cone:
        """Return the cone of the rows, behind a box and with the triangles of some steps."""
        lower, upper = (end[self.places[0]] for end in box)
        inner = tuple(
            own if isinstance(step, FloatAffine) else step.restricted(after)
            for own, step, after in zip(
                self.steps, [*steps, self.steps[-1]], self.places[1:], strict=True
            )
        )
        return Cone(lower, upper, inner)


@final
@dataclass(frozen=True)
class FloatMethod:
    """How neurons and forms of outputs are bounded.

    ``ends`` bounds all neurons; ``steps`` of ascent improve the bounds of those that are
    unstable, and ``last_steps`` those of the outputs' forms.
    """

    ends: ChosenEnds
    steps: int
    last_steps: int

    def maxima(self, network: FloatNetwork, box: FloatBox, forms: Doubles) -> Doubles:
        """Return upper bounds of forms of the outputs.

        >>> from polyrelax.networks.gallery import maximum
        >>> from polyrelax.relaxations.dual_ascent import parallel_ends
        >>> method, square = FloatMethod(parallel_ends, 0, 0), (np.zeros(2), np.ones(2))
        >>> method.maxima(FloatNetwork.of(maximum(2)), square, np.array([[1.0]])).tolist()
        [1.5]
        """
        steps: list[FloatStep] = []
        ends = box
        for k, step in enumerate(network.steps):
            if isinstance(step, FloatAffine):
                steps.append(step)
                if k + 1 < len(network.steps):
                    ends = self._ends(network, box, steps, network.rectified.get(k + 1, ()))
            else:
                steps.append(FloatTriangles.over(*ends, network.rectified[k]))
                ends = _rectified(ends, network.rectified[k])
        if self.last_steps:
            rows = np.arange(forms.shape[1])
            whole = live_cone(box, steps, rows)
            return ascended(whole, audible(steps, rows, forms), self.last_steps)[0]
        return self.ends(Cone(*box, tuple(steps)), forms)[1]

    def _ends(
        self,
        network: FloatNetwork,
        box: FloatBox,
        steps: list[FloatStep],
        named: tuple[int, ...],
    ) -> FloatBox:
        """Return bounds of the values behind the last of some steps, which is affine."""
        *inner, last = steps
        assert isinstance(last, FloatAffine), "a box is asked for behind affine layers"
        if not inner:
            center, radius = (box[0] + box[1]) / 2, (box[1] - box[0]) / 2
            middle, spread = last.image(center[None])[0], last.spread(radius[None])[0]
            return middle - spread, middle + spread
        lower, upper = np.zeros(len(last.bias)), np.zeros(len(last.bias))
        for group in network.groups(len(inner)):
            found = self.ends(group.over(box, inner), np.eye(len(group.rows)))
            lower[group.rows], upper[group.rows] = found
            if self.steps:
                rows = group.rows[(lower[group.rows] < 0) & (upper[group.rows] > 0)]
                self._improve((lower, upper), box, steps, np.intersect1d(rows, named))
        return lower, upper

    def _improve(
        self, ends: FloatBox, box: FloatBox, steps: list[FloatStep], rows: Integers
    ) -> None:
        """Meet some of the ends with bounds by ascent."""
        if len(rows):
            both = np.concatenate([np.eye(len(rows)), -np.eye(len(rows))])
            maxima = ascended(live_cone(box, steps, rows), both, self.steps)[0]
            above, below = np.split(maxima, 2)
            lower, upper = ends
            upper[rows] = np.minimum(upper[rows], above)
            lower[rows] = np.maximum(lower[rows], -below)


def _rectified(ends: FloatBox, named: tuple[int, ...]) -> FloatBox:
    lower, upper = (end.copy() for end in ends)
    lower[list(named)] = np.maximum(lower[list(named)], 0)
    upper[list(named)] = np.maximum(upper[list(named)], 0)
    return lower, upper
