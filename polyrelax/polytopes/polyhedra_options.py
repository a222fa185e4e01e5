r"""The options of cdd's and lrs' files, before ``begin`` and after ``end``.

Three kinds change what a file describes, and are obeyed: ``linearity``, also written
``equality`` and ``partial_enumeration``, names the rows that are equations; ``nonnegative``
before ``begin`` adds :math:`x \ge 0` (after ``end`` lrs passes it over); ``hull`` says that the
rows are points.  Those that ask for another set are refused, those that ask how to compute or
what else to print are passed over.  Before ``begin`` other words are comments, and in the
lines above the representation an option has nothing but numbers behind it, so that
``linearity test`` is a title.  After ``end`` other words are refused.  The numbers of an option
may stand on the lines below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from polyrelax.arithmetic.rational import shown
from polyrelax.errors import FormatError

Line: TypeAlias = tuple[int, list[str]]
"""The number of a line, and its words."""

_LINEAR = frozenset(("linearity", "equality", "partial_enumeration"))
_OTHER_SETS = frozenset((
    "Voronoi", "eliminate", "extract", "preprojection", "project", "row_decomposition",
    "solve_rowsubproblem", "strict_inequalities", "strict_inequality", "voronoi",
))  # fmt: skip
_SAME_SET = frozenset((
    "CMIalgorithm", "adjacency", "algebraic", "allbases", "basis_at_bottom", "bound", "cache",
    "checkpoint", "condensed_listing", "countonly", "criss-cross", "debug", "digits",
    "dual_simplex", "dualperturb", "dynout_off", "estimates", "facet_listing",
    "facet_listing_external", "find_interior", "geometric", "incidence",
    "initbasis_at_bottom", "input_adjacency", "input_incidence", "integervertices", "lexmax",
    "lexmin", "lineshell", "logfile_off", "logfile_on", "lponly", "lponly_b", "lponly_d",
    "lponly_r", "lponly_rd", "manual_pivot", "maxcobases", "maxcutoff", "maxdepth", "maximize",
    "maxincidence", "maxindex", "maxoutput", "messages", "mincutoff", "mindepth", "minimize",
    "minindex", "mixcutoff", "noredundcheck", "nondegenerate", "nonnegative", "output_digits",
    "postanalysis", "printcobasis", "printslack", "random", "redund", "redund_list", "restart",
    "round_output_off", "seed", "show_tableau", "signpivot", "startingcobasis", "stdout_off",
    "subtreesize", "testlin", "threads", "tope_listing", "triangulation", "truncate",
    "verbose", "verify_input", "vertex_listing", "vertex_listing_external", "volume",
    "zero_tolerance",
))  # fmt: skip
_OBEYED = _LINEAR | {"hull", "nonnegative"}
_NUMBER = re.compile(r"[-+]?\.?\d.*")


@dataclass(frozen=True)
class Option:
    """A word that asks for something, what stands behind it, and its line."""

    name: str
    words: tuple[str, ...]
    line: int

    @property
    def is_bare(self) -> bool:
        """Whether nothing but numbers stands behind the word."""
        return all(map(_NUMBER.fullmatch, self.words))

    def error(self, problem: str) -> FormatError:
        """Return an error that says where it is."""
        return FormatError(f"line {self.line}: {problem}")

    def rows(self, size: int) -> frozenset[int]:
        """Return the rows that the option names, of ``size`` rows that count from one.

        >>> sorted(Option("linearity", ("2", "1", "3"), 1).rows(3))
        [1, 3]
        """
        if not self.words or not all(re.fullmatch(r"[0-9]{1,18}", w) for w in self.words):
            raise self.error(f"found {shown(' '.join(self.words))}, expected row numbers")
        count, *rows = map(int, self.words)
        if len(rows) != count:
            raise self.error(f"found {len(rows)} row numbers, expected {count}")
        if not all(1 <= row <= size for row in rows):
            raise self.error(f"found {rows}, expected rows 1 to {size}")
        return frozenset(rows)


@dataclass(frozen=True)
class Options:
    """The options that say what a file describes."""

    linear: Option | None
    nonnegative: Option | None
    hull: Option | None


def read_options(
    titles: Iterable[Line], head: Iterable[Line], behind: Iterable[Line]
) -> Options:
    """Return what is asked above the representation, below it, and after ``end``.

    >>> read_options([(1, ["linearity", "test"])], [(3, ["linearity", "1", "2"])], []).linear
    Option(name='linearity', words=('1', '2'), line=3)
    """
    early = [*filter(_is_option, _options(titles)), *_options(head)]
    late = [_known(option) for option in _options(behind)]
    for option in chain(early, late):
        if option.name in _OTHER_SETS:
            raise option.error(
                f"found {shown(option.name)}, which asks for another set than the rows"
            )
    return Options(
        _only([option for option in (*early, *late) if option.name in _LINEAR]),
        _only([option for option in early if option.name == "nonnegative"]),
        _only([option for option in (*early, *late) if option.name == "hull"]),
    )


def _options(lines: Iterable[Line]) -> Iterator[Option]:
    """Yield the first word of each line with the others and with the numbers below."""
    line, words = 0, list[str]()
    for place, more in lines:
        if words and all(map(_NUMBER.fullmatch, more)):
            words += more
            continue
        if words:
            yield Option(words[0], tuple(words[1:]), line)
        line, words = place, list(more)
    if words:
        yield Option(words[0], tuple(words[1:]), line)


def _is_option(option: Option) -> bool:
    return option.name in _OBEYED | _OTHER_SETS and option.is_bare


def _known(option: Option) -> Option:
    if option.name not in _OBEYED | _OTHER_SETS | _SAME_SET:
        raise option.error(
            f"found {shown(option.name)} after the rows, expected an option of cdd or lrs, "
            "or a comment, which starts with *"
        )
    return option


def _only(options: Sequence[Option]) -> Option | None:
    """Return the option that is given once, or each time in the same words."""
    for option in options:
        if option.words != options[0].words:
            raise option.error(
                f"found other rows than those of {shown(options[0].name)} "
                f"in line {options[0].line}"
            )
    return options[0] if options else None
