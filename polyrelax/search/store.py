"""A search on disk, one SQLite file each, that survives its process.

The file holds the question, where the search began and ended, the number up to which it is
done, and the witnesses below that number with the bounds that prove them.  A slice is added
in one transaction: after a crash or a kill at any moment it is there as a whole or
not at all, so that resuming at the stored number loses nothing and counts nothing twice.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import rational, text
from polyrelax.errors import FormatError
from polyrelax.search.executor import Slice
from polyrelax.search.question import Finding, Question, question_from

FORMAT: Final = "polyrelax-search-store/1"

_TABLES: Final = (
    "CREATE TABLE campaign (format TEXT, version TEXT, question TEXT, position INTEGER)",
    "CREATE TABLE witness (number INTEGER PRIMARY KEY, tight_lower TEXT, tight_upper TEXT, "
    "loose_lower TEXT, loose_upper TEXT)",
)


@dataclass(frozen=True)
class Store:
    """The file of one search."""

    path: Path

    @classmethod
    def begin(cls, path: Path, question: Question) -> Store:
        """Return the store of a search, begun now or, if the file exists, before."""
        with path.open("ab"):  # raises an error that names the file
            pass
        store = cls(path)
        with store._session() as connection:
            _create(connection, question)
        if store.question != question:
            raise FormatError(f"{path}: found another search: {store.question.summary}")
        return store

    @classmethod
    def open(cls, path: Path) -> Store:
        """Return the store of a search that was begun."""
        with path.open("rb"):  # raises an error that names the file
            pass
        store = cls(path)
        _ = store.question
        return store

    @property
    def question(self) -> Question:
        """What is searched for."""
        content = self._campaign("question")
        try:
            return question_from(json.loads(content))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise FormatError(f"{self.path}: found no question: {error}") from None

    @property
    def version(self) -> str:
        """The version of polyrelax that began the search."""
        return self._campaign("version")

    @property
    def position(self) -> int:
        """The number of networks that are done."""
        return int(self._campaign("position"))

    def add(self, part: Slice) -> None:
        """Store the slice that begins at :attr:`position`, as a whole or not at all."""
        with self._session() as connection:
            connection.execute("BEGIN IMMEDIATE")
            done = connection.execute(
                "UPDATE campaign SET position = ? WHERE position = ?", (part.stop, part.start)
            )
            if done.rowcount != 1:
                raise FormatError(
                    f"{self.path}: found a search that is not done up to {part.start}; "
                    "does another process work on it?"
                )
            connection.executemany(
                "INSERT INTO witness VALUES (?, ?, ?, ?, ?)", map(_as_row, part.findings)
            )
            connection.execute("COMMIT")

    def findings(self) -> Iterator[Finding]:
        """Yield the witnesses found so far, in order."""
        with self._session() as connection:
            for number, *ends in connection.execute("SELECT * FROM witness ORDER BY number"):
                lower, upper, loose_lower, loose_upper = map(rational, ends)
                yield Finding(
                    number, Interval(lower, upper), Interval(loose_lower, loose_upper)
                )

    def _campaign(self, column: str) -> str:
        with self._session() as connection:
            rows = connection.execute(f"SELECT format, {column} FROM campaign").fetchall()
        if len(rows) != 1 or rows[0][0] != FORMAT:
            raise FormatError(f"{self.path}: found {rows}, expected one {FORMAT!r}")
        return str(rows[0][1])

    @contextmanager
    def _session(self) -> Iterator[sqlite3.Connection]:
        """Open the database; what is not committed in the end never happened."""
        try:
            with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise FormatError(
                f"{self.path}: no file of a search that can be used: {error}"
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
