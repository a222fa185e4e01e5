"""Published statements as data, and their re-derivation.

A claim is a folder of ``proofs/PAPER/``: ``claim.toml`` holds its reference, the statement in
our words, whose wording was tested, the status and the *expected* values, each with a key;
``derive.py`` holds ``derive()``, which yields the *found* value for each key;
``README.md`` is the mathematics.  A claim holds if every found value, written as text, is
the expected text.  The status says what that means:

* *reproduced*: the statement's own numbers or verdicts;
* *refuted as stated*: values that contradict the wording that was tested;
* *open*: what was computed, if anything, does not settle the statement; the reason says why.
"""

from __future__ import annotations

import importlib
import sys
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import ModuleType

from polyrelax.arithmetic.arguments import all_of, located, require, require_function
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import shown, text
from polyrelax.arithmetic.words import in_line
from polyrelax.errors import ArgumentError, FormatError, UnknownNameError

STATUSES = ("reproduced", "refuted as stated", "open")
_FIELDS = ("title", "reference", "wording", "statement", "status")


@dataclass(frozen=True)
class Claim:
    """A statement, its source, and the values that it comes to."""

    path: Path
    title: str
    reference: str
    wording: str
    statement: str
    status: str
    reason: str = ""
    expected: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the claim, that of its folder."""
        return self.path.name


@dataclass(frozen=True)
class Row:
    """One value of a claim; ``found`` is empty if the derivation did not yield it."""

    key: str
    expected: str
    found: str

    @property
    def agrees(self) -> bool:
        """Whether the value found is the one expected."""
        return self.found == self.expected


@dataclass(frozen=True)
class Outcome:
    """A claim with the values that were found for it."""

    claim: Claim
    rows: tuple[Row, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether every value is as expected."""
        return all(row.agrees for row in self.rows)

    @property
    def verdict(self) -> str:
        """The claim's status, or ``not reproduced``."""
        return self.claim.status if self.holds else "not reproduced"


def proofs_directory() -> Path:
    """Return the folder of claims: inside an installed package, beside it in a checkout.

    >>> (proofs_directory() / "references.bib").is_file()
    True
    """
    package = Path(__file__).parent
    installed = package / "_proofs"
    return installed if installed.is_dir() else package.parent / "proofs"


def load_claims(directory: Path | None = None) -> tuple[Claim, ...]:
    """Return all claims of a folder, sorted by name.

    Raises :class:`FormatError` for a file that lacks a field or has an unknown status.

    >>> "p0-tent" in [claim.name for claim in load_claims()]
    True
    """
    require(directory, Path | None, "a folder")
    paths = (directory or proofs_directory()).glob("*/*/claim.toml")
    return tuple(sorted(map(_load, paths), key=lambda claim: claim.name))


def choose(claims: Iterable[Claim], names: Iterable[str]) -> tuple[Claim, ...]:
    """Return the claims with the given names, all of them if there are no names.

    Raises :class:`UnknownNameError` for a name that no claim has.

    >>> [claim.name for claim in choose(load_claims(), ["p0-tent"])]
    ['p0-tent']
    """
    claims = all_of(claims, Claim, "claims")
    names = all_of(names, str, "names")
    known = {claim.name: claim for claim in claims}
    wanted = tuple(names) or tuple(known)
    for name in wanted:
        if name not in known:
            raise UnknownNameError(
                f"found claim {shown(name)}, expected one of {', '.join(sorted(known))}"
            )
    return tuple(known[name] for name in wanted)


def rederive(claim: Claim, *, progress: Callable[[int], None] | None = None) -> Outcome:
    """Derive the values of a claim and set them beside those expected.

    ``progress`` is called with the number of values found.  Raises :class:`FormatError` if
    the derivation yields values that none are expected of.

    >>> [claim] = choose(load_claims(), ["p0-smallest-witness"])
    >>> rederive(claim).verdict
    'reproduced'
    """
    require(claim, Claim)
    if progress is not None:
        require_function(progress)
    start = time.perf_counter()
    found: dict[str, str] = {}
    for key, value in _derivation(claim):
        found[key] = value
        if progress is not None:
            progress(len(found))
    surplus = found.keys() - claim.expected.keys()
    if surplus:
        raise FormatError(
            f"claim {claim.name}: found the values {', '.join(sorted(surplus))}, none expected"
        )
    rows = tuple(Row(k, value, found.get(k, "")) for k, value in claim.expected.items())
    return Outcome(claim, rows, time.perf_counter() - start)


def broken_off(claim: Claim, end: str) -> Outcome:
    """Return the outcome of a claim whose derivation broke off, which leaves others alone.

    >>> [claim] = choose(load_claims(), ["p0-smallest-witness"])
    >>> broken_off(claim, "MemoryError").verdict
    'not reproduced'
    """
    return Outcome(claim, (Row("derivation", "comes to an end", end),), seconds=0.0)


def as_text(value: object) -> str:
    """Return a value as claims write it.

    >>> as_text([Interval(Fraction(0), Fraction(3, 2)), True, None])
    '[0, 3/2], yes, none'
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, int | Fraction):
        return text(Fraction(value))
    if isinstance(value, str | Interval):
        return str(value)
    if isinstance(value, list | tuple):
        return ", ".join(as_text(item) for item in value)
    raise ArgumentError(f"found {shown(value)}, expected a value that claims can hold")


def script(claim: Claim, name: str) -> ModuleType | None:
    """Return a Python file of a claim's folder as a module, loaded anew, if it is there.

    Files of one folder import from each other as modules of a package do.

    >>> [claim] = choose(load_claims(), ["p0-tent"])
    >>> script(claim, "derive").__name__, script(claim, "nothing")
    ('claim p0-tent.derive', None)
    """
    require(name, str)
    require(claim, Claim)
    if not located(claim.path / f"{name}.py").is_file():
        return None
    folder = ModuleType(f"claim {claim.path.name.replace('.', ' ')}")
    folder.__path__ = [str(claim.path)]
    for known in [key for key in sys.modules if key.partition(".")[0] == folder.__name__]:
        del sys.modules[known]
    sys.modules[folder.__name__] = folder
    return importlib.import_module(f"{folder.__name__}.{name}")


def _derivation(claim: Claim) -> Iterator[tuple[str, str]]:
    module = script(claim, "derive")
    for key, value in module.derive() if module else ():
        yield key, as_text(value)


def _load(path: Path) -> Claim:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise FormatError(f"{in_line(path)}: {error}") from None
    missing = [name for name in _FIELDS if name not in data]
    if missing:
        raise FormatError(f"{in_line(path)} lacks {', '.join(missing)}")
    if data["status"] not in STATUSES:
        raise FormatError(
            f"{in_line(path)}: found status {shown(data['status'])}, expected one of {STATUSES}"
        )
    if data["status"] == "open" and not data.get("reason"):
        raise FormatError(f"{in_line(path)}: an open claim needs a reason")
    return Claim(path.parent, **data)
