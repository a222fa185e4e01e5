r"""What a search asks: which networks of a space one relaxation bounds more loosely.

A network is a *witness* on the upper side if the bound :math:`u_A` of the loose relaxation
exceeds the bound :math:`u_B` of the tight one by a gap :math:`u_A - u_B > 0` that is at least a
given one; on the lower side likewise.  Gaps scale with the output weights, which are
enumerated up to positive factors.

Some networks need not be enumerated.  If there are two hidden layers and all output weights
are positive, the output is a convex function of the values :math:`a` after the first one, and
greatest on :math:`\operatorname{conv} a(X)` at an extreme point, which lies in
:math:`a(X)`: the upper bounds of P_1, and of P_r, which is contained in it, are exact.  They
are left out of the space.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple, final

from polyrelax.arithmetic.arguments import exact, require
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO, shown, text, vector
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import FormatError, ShapeError
from polyrelax.relaxations.names import relaxation
from polyrelax.search.candidates import Space


class Side(StrEnum):
    """Which bounds of the output count."""

    UPPER = "upper"
    LOWER = "lower"
    BOTH = "both"


@readable
class Finding(NamedTuple):
    """A witness by its number in the space, with the bounds that prove it."""

    number: int
    tight: Interval
    loose: Interval


@final
@readable
@dataclass(frozen=True)
class Question:
    """Which networks of ``space`` the relaxation ``loose`` bounds more loosely than ``tight``.

    >>> from polyrelax.arithmetic.rational import vector
    >>> unit = Interval(Fraction(-1), Fraction(1))
    >>> space = Space((1, 2, 2, 1), vector([-1, 0, 1]), vector([-1, 1]), (unit,))
    >>> Question(space, "p:1", "exact").space.size
    13824
    """

    space: Space
    loose: str
    tight: str
    side: Side = Side.UPPER
    min_gap: Fraction = ZERO

    def __post_init__(self) -> None:
        require(self.space, Space)
        require(self.side, Side)
        object.__setattr__(self, "min_gap", exact(self.min_gap))
        relaxation(self.loose), relaxation(self.tight)
        if self.min_gap < 0:
            raise ShapeError(f"found the least gap {shown(self.min_gap)}, expected at least 0")
        convex = self.loose.startswith("p:") and self.space.hidden_layers == 2
        sign = {Side.UPPER: 1, Side.LOWER: -1, Side.BOTH: 0}[self.side] if convex else 0
        object.__setattr__(self, "space", replace(self.space, omitted=sign))

    def gap(self, tight: Interval, loose: Interval) -> Fraction:
        """Return the largest difference between bounds of the sides that count."""
        return side_gap(self.side, tight, loose)

    def is_witnessed_by(self, gap: Fraction) -> bool:
        """Whether a gap is large enough."""
        gap = exact(gap)
        return gap > 0 and gap >= self.min_gap

    @property
    def summary(self) -> str:
        """The question in one line, for people."""
        given = {key: _joined(value) for key, value in self.data.items()}
        return ", ".join(f"{key} {value}" for key, value in given.items())

    @property
    def data(self) -> dict[str, str | list[str]]:
        """The question as JSON data, from which :func:`question_from` makes it again."""
        return {
            "shape": "-".join(map(str, self.space.shape)),
            "weights": [text(value) for value in self.space.values],
            "outputs": [text(value) for value in self.space.outputs],
            "identities": str(self.space.identities),
            "lower": [text(z.lower) for z in self.space.box],
            "upper": [text(z.upper) for z in self.space.box],
            "loose": self.loose,
            "tight": self.tight,
            "side": str(self.side),
            "min_gap": text(self.min_gap),
        }


_KEYS: Final = (
    "shape",
    "weights",
    "outputs",
    "lower",
    "upper",
    "loose",
    "tight",
    "side",
    "min_gap",
)


def side_gap(side: Side, tight: Interval, loose: Interval) -> Fraction:
    """Return how far the bounds of ``loose`` exceed those of ``tight``, at most.

    >>> outer, inner = Interval(Fraction(-1), Fraction(3)), Interval(Fraction(0), Fraction(1))
    >>> [str(side_gap(side, inner, outer)) for side in Side]
    ['2', '1', '2']
    """
    upper, lower = loose.upper - tight.upper, tight.lower - loose.lower
    return {Side.UPPER: upper, Side.LOWER: lower, Side.BOTH: max(upper, lower)}[side]


def question_from(data: Mapping[str, str | Sequence[str]]) -> Question:
    """Return the question that :attr:`Question.data` describes.

    >>> unit = Interval(Fraction(-1), Fraction(1))
    >>> space = Space((1, 1, 1), (Fraction(1),), (Fraction(1),), (unit,))
    >>> asked = Question(space, "ibp", "triangle")
    >>> question_from(asked.data) == asked
    True
    """
    require(data, Mapping, "the data of a question")
    if missing := set(_KEYS) - set(data):
        raise FormatError(f"found a question without {min(missing)}, expected one with it")
    box = tuple(map(Interval, vector(data["lower"]), vector(data["upper"])))
    shape = tuple(int(width) for width in str(data["shape"]).split("-"))
    pumped = int(str(data.get("identities", "0")))
    space = Space(shape, vector(data["weights"]), vector(data["outputs"]), box, 0, pumped)
    sides, gap = Side(str(data["side"])), vector([str(data["min_gap"])])[0]
    return Question(space, str(data["loose"]), str(data["tight"]), sides, gap)


def _joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else " ".join(value)
