r"""Properties in VNN-LIB, the language of the verification competitions, versions 1.0 and 2.

A file declares inputs and outputs and asserts what a violation looks like, in linear
inequalities joined by ``and`` and ``or``; a property is then a disjunction of cases.  Every
decimal is the number that is written, not a float.  Version 2 begins with
``(vnnlib-version <2.0>)``.  See :mod:`~polyrelax.interop.vnnlib.formulas` for what is read in
an assertion, :mod:`~polyrelax.interop.vnnlib.version_2` for several tensors and networks, and
:mod:`~polyrelax.interop.vnnlib.writing` for what is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final, Protocol

from polyrelax.arithmetic.arguments import require
from polyrelax.errors import FormatError
from polyrelax.interop.opening import read_text
from polyrelax.interop.s_expressions import Form, Word, parse
from polyrelax.interop.vnnlib import version_1, version_2
from polyrelax.interop.vnnlib.cases import cases
from polyrelax.interop.vnnlib.formulas import (
    Disjunction,
    Size,
    conjoined,
    disjunction,
    joint_size,
    require_size,
)
from polyrelax.interop.vnnlib.terms import Coordinate
from polyrelax.interop.vnnlib.writing import dumps
from polyrelax.networks.properties import Property

__all__ = ["dumps", "loads", "read"]

_VERSION_2: Final = re.compile(r"<2\.[0-9]+>")


class _Declarations(Protocol):
    def declare(self, form: Form) -> None: ...
    def coordinate(self, word: Word) -> Coordinate | None: ...
    def sizes(self) -> tuple[int, int]: ...
    def input_name(self, index: int) -> str: ...


def read(path: str | Path) -> Property:
    """Return the property that a ``.vnnlib`` file holds.

    Raises :class:`FormatError` for what is not VNN-LIB, :class:`UnboundedError` for inputs
    without bounds, and :class:`TooLargeError` for more cases or numbers than are kept.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "box.vnnlib"
    ...     _ = path.write_text("(declare-const X_0 Real) (assert (<= 0 X_0 0.5))")
    ...     read(path).input_set()
    Polytope.box(['0'], ['1/2'])
    """
    return loads(read_text(path))


def loads(text: str) -> Property:
    """Return the property that a text holds.

    >>> property_ = loads("(declare-const Y_0 Real) (assert (or (<= Y_0 1) (> Y_0 (+ 1 1))))")
    >>> [str(row) for case in property_.cases for row in case.rows]
    ['y0 <= 1', '-y0 < -2']
    """
    require(text, str, "the text of a VNN-LIB file")
    forms = parse(text)
    declared, rest = _begun(forms)
    clauses = list(_clauses(rest, declared))
    in_dim, out_dim = declared.sizes()
    common = tuple(atom for clause in clauses if len(clause) == 1 for atom in clause[0])
    several = [clause for clause in clauses if len(clause) != 1]
    require_size(joint_size(map(_size, several)), "the assertions together")
    found = cases(common, conjoined(several), in_dim, named=declared.input_name)
    return Property(in_dim, out_dim, found)


def _begun(forms: Iterator[Form]) -> tuple[_Declarations, Iterable[Form]]:
    """Return where declarations go in this version, and the forms that are left."""
    first = next(forms, None)
    if first is None:
        raise FormatError("found no list in parentheses, expected declarations")
    if first.head != "vnnlib-version":
        return version_1.Declarations(), chain((first,), forms)
    match first.items:
        case (_, Word(text=version)) if _VERSION_2.fullmatch(version):
            return version_2.Declarations(), forms
    raise first.error("expected (vnnlib-version <2.0>)")


def _clauses(forms: Iterable[Form], declared: _Declarations) -> Iterator[Disjunction]:
    for form in forms:
        if form.head != "assert":
            declared.declare(form)
        elif len(form.items) != 2:
            raise form.error("expected one formula in this assertion")
        else:
            yield disjunction(form.items[1], declared)


def _size(clause: Disjunction) -> Size:
    atoms = sum(map(len, clause))
    return Size(len(clause), atoms, atoms)
