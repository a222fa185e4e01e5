"""The peers, each as two functions: prepare the input, then compute the facets.

Only the second one is timed, and for the peers it ends with the facets in the library's own
form; a third function turns these into sorted primitive integer rows, to be compared.  Of
polyrelax everything is timed, from tuples of integers to tuples of integers, and so it is of
the engines by which polyrelax calls these libraries.
"""

# Libraries without types, imported where they are used:
# ruff: noqa: ANN401, PLC0415
from __future__ import annotations

import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from polyrelax.polytopes.engines.engine import IntRow, coprime

Rows = Sequence[IntRow]


@dataclass(frozen=True)
class Peer:
    """How a library computes the facets of the cone of some rows."""

    prepare: Callable[[Rows], Any]
    compute: Callable[[Any], Any]
    facets: Callable[[Any], list[IntRow]]


def installed() -> dict[str, Callable[[], Peer]]:
    """Return the peers that can be run here, polyrelax first."""
    makers = {"cddlib": _cddlib, "ppl": _ppl, "pplite": _pplite, "normaliz": _normaliz}
    found = {name: make for name, make in makers.items() if _is_here(name)}
    if shutil.which("lrs"):
        found["lrs"] = _lrs
    return {"polyrelax": partial(_engine, "fast"), **found}


def engines() -> dict[str, Callable[[], Peer]]:
    """Return the engines of polyrelax that rest on other libraries, as peers."""
    names = filter(_is_here, ("cddlib", "pplite", "normaliz"))
    return {f"{name} engine": partial(_engine, name) for name in names}


def _is_here(library: str) -> bool:
    modules = {"cddlib": "cdd", "normaliz": "PyNormaliz"}
    return importlib.util.find_spec(modules.get(library, library)) is not None


def _engine(name: str) -> Peer:
    from polyrelax.polytopes.engines import engine_named

    engine = engine_named(name)

    def compute(rows: Rows) -> Any:
        return engine.extreme_rays(rows, [], len(rows[0]))

    return Peer(lambda rows: rows, compute, lambda cone: list(cone.rays))


def _cddlib() -> Peer:
    import cdd
    import cdd.gmp

    def prepare(rows: Rows) -> Any:
        array = [[1, *(Fraction(entry, row[0]) for entry in row[1:])] for row in rows]
        return cdd.gmp.matrix_from_array(array, rep_type=cdd.RepType.GENERATOR)

    def compute(matrix: Any) -> Any:
        return cdd.gmp.copy_inequalities(cdd.gmp.polyhedron_from_matrix(matrix))

    return Peer(prepare, compute, lambda found: _primitive(found.array))


def _ppl() -> Peer:
    import ppl

    def prepare(rows: Rows) -> Any:
        points = ppl.Generator_System()
        for b, *entries in rows:
            points.insert(ppl.point(ppl.Linear_Expression(entries, 0), b))
        return points

    def compute(points: Any) -> Any:
        return ppl.C_Polyhedron(points).minimized_constraints()

    def facets(found: Any) -> list[IntRow]:
        rows = ((c.inhomogeneous_term(), *c.coefficients()) for c in found)
        return [coprime(tuple(map(int, row))) for row in rows]

    return Peer(prepare, compute, facets)


def _pplite() -> Peer:
    import pplite

    def prepare(rows: Rows) -> Any:
        dim = len(rows[0]) - 1
        variables = [pplite.Variable(i) for i in range(dim)]

        def point(b: int, entries: Sequence[int]) -> Any:
            terms = (e * v for e, v in zip(entries, variables, strict=True))
            return pplite.Point(sum(terms, pplite.Linear_Expression()), b)

        return dim, [point(b, entries) for b, *entries in rows]

    def compute(prepared: tuple[int, list[Any]]) -> Any:
        dim, points = prepared
        hull = pplite.NNC_Polyhedron(dim_type=dim, spec_elem="empty", topology="closed")
        hull.add_generators(points)
        hull.minimize()
        return dim, hull.constraints()

    def facets(found: tuple[int, Any]) -> list[IntRow]:
        dim, constraints = found
        rows = []
        for c in constraints:
            entries = [int(c.coefficient(pplite.Variable(i))) for i in range(dim)]
            rows.append(coprime((int(c.inhomogeneous_term()), *entries)))
        return rows

    return Peer(prepare, compute, facets)


def _normaliz() -> Peer:
    from PyNormaliz import Cone

    def compute(rows: Any) -> Any:
        return Cone(cone=rows).SupportHyperplanes()

    return Peer(lambda rows: [list(row) for row in rows], compute, _primitive)


def _lrs() -> Peer:
    def prepare(rows: Rows) -> str:
        lines = [" ".join(["1", *(str(Fraction(e, b)) for e in es)]) for b, *es in rows]
        header = f"V-representation\nbegin\n{len(rows)} {len(rows[0])} rational"
        return "\n".join([header, *lines, "end", ""])

    def compute(text: str) -> str:
        with tempfile.NamedTemporaryFile("w", suffix=".ext") as file:
            file.write(text)
            file.flush()
            command = ["lrs", file.name]
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def facets(output: str) -> list[IntRow]:
        """Lrs repeats its header where it goes on with longer numbers."""
        lines = (line.split() for line in output.splitlines() if not line.startswith("*"))
        rows = [tokens for tokens in lines if len(tokens) > 2 and not tokens[0].isalpha()]
        return list(set(_primitive(rows)))

    return Peer(prepare, compute, facets)


def _primitive(rows: Sequence[Sequence[Any]]) -> list[IntRow]:
    from polyrelax.arithmetic.rational import primitive

    return [primitive(tuple(Fraction(entry) for entry in row)) for row in rows]
