r"""Networks, properties and linear programs as scripts of SMT-LIB 2, logic QF_LRA.

Every number is exact, a fraction as ``(/ 1.0 3.0)``.  A script ends with ``(check-sat)``:

* of a network and a property it is satisfiable if and only if an input violates the property,
  and its model has one, ``X_0, X_1, ...`` with outputs ``Y_0, Y_1, ...``;
* of a linear program it is if and only if the program has a point; whoever asserts the
  negation of a bound asks for its proof.

A neuron with pieces :math:`\sigma(z) = A_k z + b_k` where :math:`C_k z \le d_k` is the term
``(ite (C_1 z <= d_1) (A_1 z + b_1) (ite ... ))``: the cells cover all inputs, and the last one
needs no condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeAlias

from polyrelax.arithmetic.arguments import exact, require
from polyrelax.arithmetic.finite_decimals import clearing, real
from polyrelax.arithmetic.long_integers import digits
from polyrelax.arithmetic.rational import ZERO, Scalar, SparseVector, sparse
from polyrelax.errors import DimensionError, ShapeError, TooLargeError
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.neuron import MOST_PIECES, Piece
from polyrelax.networks.properties import Case, Property, Row, difference, rows_of_set
from polyrelax.networks.units import Unit
from polyrelax.networks.walk import Bending, last_state
from polyrelax.polytopes.constraint import Constraint
from polyrelax.relaxations.written_program import WrittenProgram

_END: Final = "(check-sat)"
_Terms: TypeAlias = Sequence[str]


def number(value: Scalar) -> str:
    """Return a number as a term: a decimal, or a quotient of whole numbers.

    >>> number("-1/4"), number("2/3"), number(0)
    ('(- 0.25)', '(/ 2.0 3.0)', '0.0')
    """
    known = exact(value)
    size = abs(known)
    if clearing([size]) == 1:
        term = real(size)
    else:
        term = f"(/ {digits(size.numerator)}.0 {digits(size.denominator)}.0)"
    return f"(- {term})" if known < 0 else term


def program_script(written: WrittenProgram) -> str:
    """Return the script of a linear program: whether it has a point.

    >>> from polyrelax.lp import LinearProgram
    >>> segment = LinearProgram((Fraction(0),), (Fraction(1, 3),))
    >>> print(program_script(WrittenProgram(segment, ("x",))), end="")
    (set-logic QF_LRA)
    (declare-const x Real)
    (assert (<= 0.0 x))
    (assert (<= x (/ 1.0 3.0)))
    (check-sat)
    """
    require(written, WrittenProgram)
    names, program = written.names, written.program
    script = _Script()
    for name in names:
        script.declare(name)
    for name, lower, upper in zip(names, program.lower, program.upper, strict=True):
        if lower is not None:
            script.require(f"(<= {number(lower)} {name})")
        if upper is not None:
            script.require(f"(<= {name} {number(upper)})")
    for row in program.rows:
        relation = "=" if row.is_equation else "<="
        script.require(_comparison(relation, row.coefficients, row.offset, names))
    return script.text()


def property_script(network: Network, property_: Property) -> str:
    """Return the script of a network and a property: whether an input violates it.

    Raises :class:`DimensionError` for a property of other dimensions, :class:`ShapeError` for
    one without cases, and :class:`TooLargeError` for neurons of more than ``MOST_PIECES``.

    >>> from polyrelax.networks.layers import ReLU
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> high = Row((), ((0, Fraction(-1)),), Fraction(-1))
    >>> property_ = Property(1, 1, (Case(Polytope.box([-1], [1]), (high,)),))
    >>> print(property_script(Network((ReLU(1),)), property_), end="")
    (set-logic QF_LRA)
    (declare-const X_0 Real)
    (declare-const v1_0 Real)
    (assert (= v1_0 (ite (<= X_0 0.0) 0.0 X_0)))
    (declare-const Y_0 Real)
    (assert (= Y_0 v1_0))
    (assert (<= (* (- 1.0) X_0) 1.0))
    (assert (<= X_0 1.0))
    (assert (<= (* (- 1.0) Y_0) (- 1.0)))
    (check-sat)
    """
    require(network, Network)
    require(property_, Property)
    other = difference(property_, network)
    if other is not None:
        raise DimensionError(f"found {other}")
    if not property_.cases:
        raise ShapeError("found a property without cases, expected at least one")
    script = _Script()
    inputs: _Terms = [script.declare(f"X_{j}") for j in range(network.in_dim)]
    last = last_state(network, inputs, script.image, script.bent)
    outputs = [script.equal(f"Y_{j}", term) for j, term in enumerate(last)]
    for formula in _violation(property_.cases, inputs, outputs):
        script.require(formula)
    return script.text()


@dataclass(frozen=True)
class _Script:
    """A builder of commands; it grows."""

    lines: list[str] = field(default_factory=lambda: ["(set-logic QF_LRA)"])

    def text(self) -> str:
        return "\n".join([*self.lines, _END, ""])

    def declare(self, name: str) -> str:
        self.lines.append(f"(declare-const {name} Real)")
        return name

    def require(self, formula: str) -> None:
        self.lines.append(f"(assert {formula})")

    def equal(self, name: str, term: str) -> str:
        """Return a new constant that is equal to a term."""
        self.declare(name)
        self.require(f"(= {name} {term})")
        return name

    def _named(self, name: str, term: str) -> str:
        """Return a word for a term: itself, if it is one."""
        return self.equal(name, term) if " " in term else term

    def image(self, before: _Terms, layer: Affine, index: int) -> _Terms:
        """Return the values behind an affine layer."""
        sums = (_sum(row, before, b) for row, b in zip(layer.rows, layer.bias, strict=True))
        return [self._named(f"v{index + 1}_{j}", term) for j, term in enumerate(sums)]

    def bent(self, before: _Terms, layer: Bending, index: int) -> _Terms:
        """Return the values behind a layer of neurons."""
        terms = (term for unit in layer.units for term in _values(unit, before))
        return [self._named(f"v{index + 1}_{j}", term) for j, term in enumerate(terms)]


def _values(unit: Unit, before: _Terms) -> Iterator[str]:
    """Yield the outputs of a neuron: on its pieces the maps that they have."""
    count, read = unit.neuron.count, [before[j] for j in unit.inputs]
    if count > MOST_PIECES:
        found = f"{unit.neuron.name} with {count} pieces"
        raise TooLargeError(f"found {found}, expected at most {MOST_PIECES}")
    *others, last = (unit.neuron.piece(k) for k in range(count))
    for j in range(unit.neuron.out_dim):
        term = _image(last, j, read)
        for piece in reversed(others):
            term = f"(ite {_all(_sides(piece.where, read))} {_image(piece, j, read)} {term})"
        yield term


def _image(piece: Piece, output: int, read: _Terms) -> str:
    return _sum(piece.image.rows[output], read, piece.image.bias[output])


def _violation(cases: Sequence[Case], inputs: _Terms, outputs: _Terms) -> Iterator[str]:
    """Yield what all cases say of the inputs, and then that one of them holds."""
    first = cases[0].inputs
    shared = all(case.inputs == first for case in cases)
    if shared:
        yield from (_row(row, inputs, outputs) for row in rows_of_set(first))
    each = [(*(() if shared else rows_of_set(case.inputs)), *case.rows) for case in cases]
    yield _any(_all(_row(row, inputs, outputs) for row in rows) for rows in each)


def _row(row: Row, inputs: _Terms, outputs: _Terms) -> str:
    form = (*row.inputs, *((len(inputs) + j, a) for j, a in row.outputs))
    relation = "<" if row.is_strict else "<="
    return _comparison(relation, form, row.offset, (*inputs, *outputs))


def _sides(where: Iterable[Constraint], read: _Terms) -> Iterator[str]:
    for side in where:
        relation = "=" if side.is_equation else "<="
        yield _comparison(relation, sparse(side.normal), side.offset, read)


def _comparison(
    relation: str, form: SparseVector, offset: Fraction, names: Sequence[str]
) -> str:
    return f"({relation} {_sum(form, names)} {number(offset)})"


def _sum(form: SparseVector, names: Sequence[str], shift: Fraction = ZERO) -> str:
    terms = [names[j] if a == 1 else f"(* {number(a)} {names[j]})" for j, a in form if a]
    if shift or not terms:
        terms.append(number(shift))
    return f"(+ {' '.join(terms)})" if len(terms) > 1 else terms[0]


def _all(formulas: Iterable[str]) -> str:
    return _joined("and", list(formulas), "true")


def _any(formulas: Iterable[str]) -> str:
    return _joined("or", list(formulas), "false")


def _joined(connective: str, parts: Sequence[str], empty: str) -> str:
    if len(parts) < 2:
        return parts[0] if parts else empty
    return f"({connective} {' '.join(parts)})"
