r"""The linear program of a trace, with a column for each value, for other programs.

Over the bounds that a trace has, each neuron that bends has the hull of its graph, and each
group of neurons the set that the trace couples them by, as in
:mod:`polyrelax.relaxations.layerwise`.  For the triangle and k-ReLU this is their own program,
whose optima are their bounds where these are not rounded; over rounded bounds it is a little
larger, and contains the network all the same.

Columns are the inputs ``X_0, X_1, ...``, the value ``j`` after ``i`` layers as ``vi_j`` where
it is no multiple of one that is there, and the outputs ``Y_0, Y_1, ...``.  A value behind an
affine layer has a row that defines it by those before the layer, so that rows stay short.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, final

from polyrelax.arithmetic.arguments import all_of, require
from polyrelax.arithmetic.rational import ONE, ZERO, shown
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import DimensionError, UnknownNameError
from polyrelax.lp import LinearProgram, Optimizer
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
        require(name, str)
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
    before, names = _last_set(trace, domain)
    last = _with_columns(before, before.coordinates, range(before.dim))
    outputs = [f"Y_{j}" for j in range(last.dim)]
    return WrittenProgram(last.program, (*names, *outputs))


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


def _last_set(trace: Trace, domain: Polytope) -> tuple[ProgramSet, Sequence[str]]:
    """Return the outputs as forms of the columns of a program, and the columns' names."""
    names = [f"X_{j}" for j in range(domain.dim)]

    def image(before: ProgramSet, layer: Affine, index: int) -> ProgramSet:
        pairs = zip(layer.rows, layer.bias, strict=True)
        forms = [combine(row, before.coordinates, shift) for row, shift in pairs]
        long = [j for j, form in enumerate(forms) if len(form.coefficients) > 1]
        names.extend(f"v{index + 1}_{j}" for j in long)
        return _with_columns(before, forms, long)

    def bend(before: ProgramSet, layer: Bending, index: int) -> ProgramSet:
        after = bent(before, layer, trace.bounds[index], trace.couplings[index + 1])
        names.extend(f"v{index + 1}_{j}" for j in _fresh(after, before.program.dim))
        return after

    last = last_state(trace.network, ProgramSet.of_polytope(domain), image, bend)
    return last, names


def _with_columns(
    before: ProgramSet, forms: Sequence[AffineForm], named: Sequence[int]
) -> ProgramSet:
    """Return the set of some forms, of which those named have columns that rows define."""
    known, columns, rows = list(forms), before.program, []
    for k, j in enumerate(named):
        column = AffineForm.variable(columns.dim + k)
        definition = combine(((0, -ONE), (1, ONE)), (forms[j], column))
        rows.append(definition.row(ZERO, is_equation=True))
        known[j] = column
    program = extended(columns, [FREE] * len(named), rows)
    return replace(before, optimizer=Optimizer(program), coordinates=tuple(known), known=None)


def _fresh(after: ProgramSet, start: int) -> Sequence[int]:
    """Return the coordinates that are columns from ``start`` on, in the order of these."""
    greatest = [
        max((k for k, _ in form.coefficients), default=-1) for form in after.coordinates
    ]
    return [j for j, k in enumerate(greatest) if k >= start]
