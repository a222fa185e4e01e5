r"""The layers of a network: affine maps, ReLUs and identities.

An affine layer is :math:`x \mapsto Wx + b`.  A ReLU layer applies :math:`\max(\cdot, 0)` to
the coordinates named and passes the others through: with that, skip connections and networks
side by side are sequences of layers.

Layers are values and functions; a layer does not know its place in a network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, final

from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.errors import DimensionError
from polyrelax.networks.affine import Affine
from polyrelax.networks.dimensions import require_dim

__all__ = ["Affine", "Identity", "Layer", "ReLU"]


@final
@dataclass(frozen=True)
class ReLU:
    """The map ``max(x, 0)`` on the coordinates ``neurons``, all if ``None``.

    >>> from polyrelax.arithmetic.rational import vector
    >>> [str(value) for value in ReLU(2, (1,))(vector([-1, -2]))]
    ['-1', '0']
    """

    width: int
    neurons: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        named = self.neurons or ()
        if self.neurons is not None and tuple(sorted(named)) == tuple(range(self.width)):
            object.__setattr__(self, "neurons", None)  # equal maps are equal values
        if len(set(named)) < len(named) or any(not 0 <= j < self.width for j in named):
            raise DimensionError(
                f"found neurons {list(named)}, expected distinct ones of {self.width}"
            )

    @property
    def in_dim(self) -> int:
        """The number of values that the layer reads."""
        return self.width

    @property
    def out_dim(self) -> int:
        """The number of values that the layer gives."""
        return self.width

    @property
    def active(self) -> tuple[int, ...]:
        """The coordinates that the ReLU is applied to, in order."""
        return tuple(range(self.width)) if self.neurons is None else tuple(sorted(self.neurons))

    def __call__(self, x: Vector) -> Vector:
        """Return the value at ``x``."""
        require_dim(x, self.width)
        named = set(self.active)
        return tuple(max(value, ZERO) if j in named else value for j, value in enumerate(x))


@final
@dataclass(frozen=True)
class Identity:
    """The map ``x -> x``, a layer of its own: relaxations that look at layers count it.

    >>> from polyrelax.arithmetic.rational import vector
    >>> Identity(1)(vector([5]))
    (Fraction(5, 1),)
    """

    width: int

    @property
    def in_dim(self) -> int:
        """The number of values that the layer reads."""
        return self.width

    @property
    def out_dim(self) -> int:
        """The number of values that the layer gives."""
        return self.width

    def __call__(self, x: Vector) -> Vector:
        """Return the value at ``x``."""
        require_dim(x, self.width)
        return x


Layer: TypeAlias = Affine | ReLU | Identity
