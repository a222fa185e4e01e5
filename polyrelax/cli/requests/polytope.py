"""The polytope that a file or standard input describes, and the engine it is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from polyrelax.cli.requests.problem import not_empty
from polyrelax.cli.requests.sets import only_polytope, parsed_sets
from polyrelax.cli.terminal.naming import STANDARD_INPUT, naming, read_standard_input
from polyrelax.cli.terminal.output import note
from polyrelax.interop.opening import read_text, suffix
from polyrelax.polytopes.engines import Engine, engine_named
from polyrelax.polytopes.forms import Hull, System
from polyrelax.polytopes.polytope import Polytope


def read_polytope(file: str, engine: str | None) -> Polytope:
    """Return the polytope that a file or standard input describes, which has points."""
    chosen = None if engine is None else engine_named(engine)
    with naming(file):
        standard = file == STANDARD_INPUT
        text = read_standard_input() if standard else read_text(Path(file))
        found = parsed_sets(text, "" if standard else suffix(file))
        polytope = not_empty(only_polytope(found))
    for line in found.notes:
        note(line)
    return polytope if chosen is None else _converted_by(polytope, chosen)


def _converted_by(polytope: Polytope, engine: Engine) -> Polytope:
    """Return the same set, which the given engine will convert if that is needed."""
    form = polytope.form
    if isinstance(form, (Hull, System)):
        form = replace(form, engine=engine)
    return Polytope(form, engine)
