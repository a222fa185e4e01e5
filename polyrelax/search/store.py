"""A search on disk, one SQLite file each, that survives its process.

The file holds the question, where the search began and ended, the number up to which it is
done, and the witnesses below that number with the bounds that prove them.  A slice is added
in one transaction: after a crash or a kill at any moment it is there as a whole or
not at all, so that resuming at the stored number loses nothing and counts nothing twice.

Whatever is read is taken for what anybody may have written: tables that are others, values of
another type and numbers out of range are refused in one line that names the row.  That the
numbers are right is for :mod:`~polyrelax.search.recheck` to say.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.arguments import located, require, whole
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import cut, rational, shown, text
from polyrelax.arithmetic.words import in_line
from polyrelax.errors import NamedFileError, PolyrelaxError
from polyrelax.search.executor import Slice
from polyrelax.search.question import Finding, Question, question_from

FORMAT: Final = "polyrelax-search-store/1"
PAGE: Final = 10_000
"""Witnesses that are read at once."""

_TABLES: Final = (
    "CREATE TABLE campaign (format TEXT, version TEXT, question TEXT, position INTEGER)",
    "CREATE TABLE witness (number INTEGER PRIMARY KEY, tight_lower TEXT, tight_upper TEXT, "
    "loose_lower TEXT, loose_upper TEXT)",
)


@dataclass(frozen=True)
class Store:
    """The file of one search."""

    path: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", located(self.path))

    @property
    def _name(self) -> str:
        return in_line(self.path)

    @classmethod
    def begin(cls, path: Path, question: Question) -> Store:
        """Return the store of a search, begun now or, if the file exists, before."""
        path = located(path)
        require(question, Question)
        with path.open("ab"):  # raises an error that names the file
            pass
        store = cls(path)
        with store._session() as connection:
            _create(connection, question)
        if store.question != question:
            raise NamedFileError(
                f"{in_line(path)}: found another search: {store.question.summary}"
            )
        return store

    @classmethod
    def open(cls, path: Path) -> Store:
        """Return the store of a search that was begun."""
        path = located(path)
        with path.open("rb"):  # raises an error that names the file
            pass
        store = cls(path)
        _ = store.position
        return store

    @property
    def question(self) -> Question:
        """What is searched for."""
        with self._session() as connection:
            return self._question(connection)

    @property
    def version(self) -> str:
        """The version of polyrelax that began the search."""
        with self._session() as connection:
            return self._campaign(connection, "version")

    @property
    def position(self) -> int:
        """The number of networks that are done."""
        with self._session() as connection:
            connection.execute("BEGIN")  # what follows is about one moment
            position = self._position(connection, self._question(connection))
            ends = connection.execute("SELECT min(number), max(number) FROM witness").fetchone()
        for number in filter(None, ends):
            if not 0 <= number < position:
                raise NamedFileError(
                    f"{self._name}: witness {number}: expected a number from 0 below {position}"
                )
        return position

    def add(self, part: Slice) -> None:
        """Store the slice that begins at :attr:`position`, as a whole or not at all."""
        require(part, Slice)
        with self._session() as connection:
            connection.execute("BEGIN IMMEDIATE")
            done = connection.execute(
                "UPDATE campaign SET position = ? WHERE position = ?", (part.stop, part.start)
            )
            if done.rowcount != 1:
                raise NamedFileError(
                    f"{self._name}: found a search that is not done up to {part.start}; "
                    "does another process work on it?"
                )
            connection.executemany(
                "INSERT INTO witness VALUES (?, ?, ?, ?, ?)", map(_as_row, part.findings)
            )
            connection.execute("COMMIT")

    def _question(self, connection: sqlite3.Connection) -> Question:
        content = self._campaign(connection, "question")
        try:
            data = json.loads(content)
            question = question_from(data)
        except PolyrelaxError as error:
            raise NamedFileError(f"{self._name}: found no question: {error}") from None
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise NamedFileError(
                f"{self._name}: found no question, but {shown(content)}"
            ) from None
        if question.data != data:
            raise NamedFileError(f"{self._name}: found a question that is not as it is written")
        return question

    def _position(self, connection: sqlite3.Connection, question: Question) -> int:
        position = self._value(connection, "position")
        if type(position) is not int or not 0 <= position <= question.space.size:
            expected = f"expected a number from 0 to {question.space.size}"
            raise NamedFileError(f"{self._name}: position: found {shown(position)}, {expected}")
        return position

    def findings(self, done: int | None = None) -> Iterator[Finding]:
        """Yield the witnesses found so far, or below a number that is done, in order."""
        done = None if done is None else whole(done, "a number")
        done, first = self.position if done is None else done, 0
        while rows := self._page(first, done):
            yield from map(self._finding, rows)
            first = rows[-1][0] + 1

    def _page(self, first: int, done: int) -> list[tuple[int, object, object, object, object]]:
        """Return witnesses: a few, so that nobody who adds some has to wait."""
        with self._session() as connection:
            return connection.execute(
                "SELECT * FROM witness WHERE ? <= number AND number < ? "
                "ORDER BY number LIMIT ?",
                (first, done, PAGE),
            ).fetchall()

    def _finding(self, row: tuple[int, object, object, object, object]) -> Finding:
        number, *ends = row
        place = f"{self._name}: witness {number}"
        lower, upper, loose_lower, loose_upper = (_end(place, end) for end in ends)
        return Finding(number, Interval(lower, upper), Interval(loose_lower, loose_upper))

    def _campaign(self, connection: sqlite3.Connection, column: str) -> str:
        value = self._value(connection, column)
        if not isinstance(value, str) or not value.isprintable():
            raise NamedFileError(
                f"{self._name}: {column}: found {shown(value)}, expected a text"
            )
        return value

    def _value(self, connection: sqlite3.Connection, column: str) -> object:
        """Return a value of the one row of the search, which may be anything."""
        tables = connection.execute("SELECT sql FROM sqlite_master").fetchmany(3)
        if tables != [(table,) for table in _TABLES]:
            raise NamedFileError(f"{self._name}: found other tables than those of a search")
        rows = connection.execute(f"SELECT format, {column} FROM campaign").fetchmany(2)
        if len(rows) != 1 or rows[0][0] != FORMAT:
            found = cut(str([row[0] for row in rows]))
            raise NamedFileError(
                f"{self._name}: found the formats {found}, expected [{FORMAT!r}]"
            )
        return rows[0][1]

    @contextmanager
    def _session(self) -> Iterator[sqlite3.Connection]:
        """Open the database; what is not committed in the end never happened."""
        try:
            with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
                yield connection
        except sqlite3.IntegrityError:
            raise NamedFileError(f"{self._name}: found a witness twice") from None
        except (sqlite3.Error, UnicodeDecodeError) as error:
            reason = getattr(error, "sqlite_errorname", "a text that is none")
            raise NamedFileError(
                f"{self._name}: no file of a search that can be used ({reason})"
            ) from None


def _create(connection: sqlite3.Connection, question: Question) -> None:
    """Make the tables of an empty database, in one transaction."""
    connection.execute("BEGIN EXCLUSIVE")
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        for table in _TABLES:
            connection.execute(table)
        row = (FORMAT, version("polyrelax"), json.dumps(question.data), 0)
        connection.execute("INSERT INTO campaign VALUES (?, ?, ?, ?)", row)
    connection.execute("COMMIT")


def _as_row(found: Finding) -> tuple[int, str, str, str, str]:
    tight, loose = found.tight, found.loose
    return (
        found.number,
        text(tight.lower),
        text(tight.upper),
        text(loose.lower),
        text(loose.upper),
    )


def _end(place: str, value: object) -> Fraction:
    """Return the end of an interval, written as it is written here."""
    try:
        number = rational(value) if isinstance(value, str) else None
    except PolyrelaxError:
        number = None
    if number is None or text(number) != value:
        raise NamedFileError(f'{place}: found {shown(value)}, expected a number such as "-3/7"')
    return number
