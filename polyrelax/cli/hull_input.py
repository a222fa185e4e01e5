"""The polytope and the engine that ``polyrelax hull`` is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from polyrelax.cli.problem import STANDARD_INPUT, naming, not_empty, read_standard_input
from polyrelax.cli.sets import parsed_set
from polyrelax.interop.documents import read_text
from polyrelax.polytopes.engines import engine_named
from polyrelax.polytopes.polytope import Polytope


def read_polytope(file: str, engine: str | None) -> Polytope:
    """Return the polytope that a file or standard input describes, which has points."""
    chosen = None if engine is None else engine_named(engine)
    with naming(file):
        standard = file == STANDARD_INPUT
        text = read_standard_input() if standard else read_text(Path(file))
        polytope = parsed_set(text, "" if standard else Path(file).suffix.lower())
        chosen_polytope = polytope if chosen is None else replace(polytope, engine=chosen)
        return not_empty(chosen_polytope)
