r"""A relaxed set given by a linear program over all layers so far.

The coordinates of the set are affine forms in the program's variables: the inputs, the
outputs of unstable neurons, and those affine outputs whose own form would be longer than
the row that defines them (so that substitution never adds nonzeros).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from polyrelax.arithmetic.arguments import exact_vector, require, wholes
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dot, sparse
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import EmptySetError
from polyrelax.lp import LinearProgram, Optimizer, Optimum, Outcome, Row
from polyrelax.networks.images import affine_interval
from polyrelax.networks.layers import Affine
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.support import Support
from polyrelax.relaxations.progress import NOBODY, Kind, Listener, Piece
from polyrelax.systems.couplings import Coupling
from polyrelax.systems.programs import AffineForm, combine, extended, program


@readable
@dataclass(frozen=True)
class ProgramSet:
    """The image of a linear program's feasible set under affine forms.

    With ``bits``, the bounds are proved by rounded dual multipliers instead of being
    optimised exactly, and rounded outward.  ``known`` are bounds that are known to hold:
    without ``bits`` they are the exact ones.  ``couplings`` are the sets of several neurons
    that the last layer has brought.  ``work`` hears of each linear program.
    """

    optimizer: Optimizer = field(repr=False)
    coordinates: tuple[AffineForm, ...]
    bits: int | None = None
    known: tuple[Interval, ...] | None = None
    couplings: tuple[Coupling, ...] = field(default=(), repr=False)
    work: Listener = field(default=NOBODY, compare=False, repr=False)

    @classmethod
    def of_polytope(
        cls, domain: Polytope, bits: int | None = None, work: Listener = NOBODY
    ) -> ProgramSet:
        """Return the input polytope, one variable per coordinate."""
        require(domain, Polytope)
        rows: Iterable[Constraint] = () if domain.is_box else domain.constraints
        forms = tuple(AffineForm.variable(j) for j in range(domain.dim))
        sides = (Row(sparse(c.normal), c.offset, c.is_equation) for c in rows)
        whole = Optimizer(program(domain.bounds, sides))
        return cls(whole, forms, bits, domain.bounds, work=work)

    @property
    def dim(self) -> int:
        """The dimension of the space."""
        return len(self.coordinates)

    @property
    def program(self) -> LinearProgram:
        """The linear program."""
        return self.optimizer.program

    @cached_property
    def bounds(self) -> tuple[Interval, ...]:
        """The bounds of each coordinate."""
        if self.bits is None:
            return self.known or tuple(self._optimum(form) for form in self.coordinates)
        proved = [self._proved(form).rounded(self.bits) for form in self.coordinates]
        known = self.known or proved
        return tuple(a.meet(b) for a, b in zip(proved, known, strict=True))

    def support(self, direction: Vector) -> Support:
        """Return the exact support in ``direction`` and a point that attains it."""
        direction = exact_vector(direction, "direction")
        objective = combine(sparse(direction), self.coordinates)
        self.work(Piece(Kind.PROGRAM))
        optimum = _attained(self.optimizer.maximize(objective.coefficients))
        point = tuple(form.at(optimum.point) for form in self.coordinates)
        return Support(dot(direction, point), point)

    def upper_bound(self, direction: Vector) -> Fraction:
        """Return a proved upper bound of the support in ``direction``."""
        direction = exact_vector(direction, "direction")
        return self._proved(combine(sparse(direction), self.coordinates)).upper

    def project(self, coordinates: Sequence[int]) -> ProgramSet:
        """Return the projection to some of the coordinates."""
        coordinates = wholes(coordinates, "coordinates")
        chosen = tuple(self.coordinates[j] for j in coordinates)
        known = self.known and tuple(self.known[j] for j in coordinates)
        return replace(self, coordinates=chosen, known=known, couplings=())

    def image(self, layer: Affine, known: tuple[Interval, ...] | None = None) -> ProgramSet:
        """Return the image under an affine layer."""
        require(layer, Affine)
        forms = [
            combine(row, self.coordinates, offset)
            for row, offset in zip(layer.rows, layer.bias, strict=True)
        ]
        lengths = [len(row) for row in layer.rows]
        long = [j for j, form in enumerate(forms) if len(form.coefficients) > lengths[j]]
        image = self._name(layer, forms, long) if long else self
        return replace(image, coordinates=tuple(forms), known=known, couplings=())

    def _name(self, layer: Affine, forms: list[AffineForm], long: Sequence[int]) -> ProgramSet:
        """Give a variable of its own to each of the ``long`` forms, in place."""
        ranges, rows = [], []
        start = len(self.program.lower)
        for variable, j in enumerate(long, start):
            definition = combine(
                (*layer.rows[j], (self.dim, -ONE)),
                (*self.coordinates, AffineForm.variable(variable)),
                layer.bias[j],
            )
            rows.append(definition.row(ZERO, is_equation=True))
            ranges.append(affine_interval(layer.rows[j], layer.bias[j], self.bounds))
            forms[j] = AffineForm.variable(variable)
        return replace(self, optimizer=Optimizer(extended(self.program, ranges, rows)))

    def _optimum(self, form: AffineForm) -> Interval:
        if not self.program.rows:
            return self._range(form)
        self.work(Piece(Kind.PROGRAM))
        lower = _attained(self.optimizer.minimize(form.coefficients)).value
        self.work(Piece(Kind.PROGRAM))
        upper = _attained(self.optimizer.maximize(form.coefficients)).value
        return Interval(form.offset + lower, form.offset + upper)

    def _proved(self, form: AffineForm) -> Interval:
        if not self.program.rows:
            return self._range(form)
        self.work(Piece(Kind.PROGRAM))
        lower = self.optimizer.certified_lower(form.coefficients)
        self.work(Piece(Kind.PROGRAM))
        upper = self.optimizer.certified_upper(form.coefficients)
        return Interval(form.offset + lower, form.offset + upper)

    def _range(self, form: AffineForm) -> Interval:
        """Return the range of ``form`` over the variables' bounds alone."""
        ends = zip(self.program.lower, self.program.upper, strict=True)
        box = tuple(Interval(low, up) for low, up in ends if low is not None and up is not None)
        return affine_interval(form.coefficients, form.offset, box)


def _attained(outcome: Outcome) -> Optimum:
    """Return an outcome that must be an optimum, as all variables are bounded."""
    if not isinstance(outcome, Optimum):
        raise EmptySetError("the relaxed set is empty, expected a point")
    return outcome
