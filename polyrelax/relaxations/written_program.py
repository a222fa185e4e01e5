r"""The linear program of a trace, with columns that have names, for other programs.

Over the bounds that a trace has, each neuron that bends has the hull of its graph, and each
group of neurons the set that the trace couples them by, as in
:mod:`polyrelax.relaxations.layerwise`.  For the triangle and k-ReLU this is their own program,
whose optima are their bounds where these are not rounded; over rounded bounds it is a little
larger, and contains the network all the same.

Columns are the inputs ``X_0, X_1, ...``, values ``V_k`` in between, and the outputs ``Y_0,
Y_1, ...``, each of which has a row that defines it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, final

from polyrelax.arithmetic.arguments import all_of, require
from polyrelax.arithmetic.rational import ONE, ZERO, shown
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import DimensionError, UnknownNameError
from polyrelax.lp import LinearProgram
from polyrelax.networks.layers import Affine
from polyrelax.networks.walk import Bending, last_state
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layerwise import bent
from polyrelax.relaxations.program_set import ProgramSet
from polyrelax.relaxations.trace import Trace
from polyrelax.systems.programs import FREE, AffineForm, combine, extended

_FAMILIES: Final = ("triangle", "krelu")


@final
@readable
@dataclass(frozen=True)
class WrittenProgram:
    """A linear program and the names of its columns."""

    program: LinearProgram
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        require(self.program, LinearProgram)
        object.__setattr__(self, "names", all_of(self.names, str, "names"))
        if len(self.names) != self.program.dim or len(set(self.names)) != len(self.names):
            found = f"{len(set(self.names))} different names"
            raise DimensionError(f"found {found}, expected {self.program.dim}")

    def column(self, name: str) -> int:
        """Return the number of a column."""
        if name not in self.names:
            raise UnknownNameError(f"found the name {shown(name)}, expected one of a column")
        return self.names.index(name)


def written_program(trace: Trace, domain: Polytope) -> WrittenProgram:
    """Return the program of a trace of the triangle or of k-ReLU on a set of inputs.

    >>> from polyrelax.lp import maximize
    >>> from polyrelax.networks.gallery import maximum
    >>> from polyrelax.relaxations.names import relaxation
    >>> from polyrelax.relaxations.trace import propagate
    >>> square = Polytope.box([0, 0], [1, 1])
    >>> written = written_program(propagate(maximum(2), square, relaxation("triangle")), square)
    >>> maximize(written.program, ((written.column("Y_0"), ONE),)).value
    Fraction(3, 2)
    """
    require(trace, Trace)
    require(domain, Polytope)
    require_family(trace.relaxation)
    last = _last_set(trace, domain)
    inner, forms = last.program, last.coordinates
    outputs = [AffineForm.variable(inner.dim + j) for j in range(last.dim)]
    rows = [
        combine(((0, -ONE), (1, ONE)), (form, output)).row(ZERO, is_equation=True)
        for form, output in zip(forms, outputs, strict=True)
    ]
    names = [f"X_{j}" for j in range(domain.dim)]
    names += [f"V_{k}" for k in range(inner.dim - domain.dim)]
    names += [f"Y_{j}" for j in range(last.dim)]
    return WrittenProgram(extended(inner, [FREE] * last.dim, rows), tuple(names))


def require_family(name: str) -> None:
    """Raise :class:`UnknownNameError` for a relaxation that is not one program of its layers.

    >>> require_family("p:1")
    Traceback (most recent call last):
    polyrelax.errors.UnknownNameError: found the relaxation 'p:1', expected triangle or krelu:K
    """
    require(name, str)
    if name.partition(":")[0] not in _FAMILIES:
        raise UnknownNameError(
            f"found the relaxation {shown(name)}, expected triangle or krelu:K"
        )


def _last_set(trace: Trace, domain: Polytope) -> ProgramSet:
    """Return the outputs as forms of a program over the bounds of a trace."""

    def image(before: ProgramSet, layer: Affine, index: int) -> ProgramSet:
        return before.image(layer, trace.bounds[index + 1])

    def bend(before: ProgramSet, layer: Bending, index: int) -> ProgramSet:
        after = bent(before, layer, trace.bounds[index], trace.couplings[index + 1])
        return replace(after, known=trace.bounds[index + 1])

    return last_state(trace.network, ProgramSet.of_polytope(domain), image, bend)
