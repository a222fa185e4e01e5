"""Searches on disk: killed at any moment, they go on as if nothing had happened."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import vector
from polyrelax.errors import FormatError
from polyrelax.search.candidates import Space
from polyrelax.search.executor import Slice, explore, limited
from polyrelax.search.question import Finding, Question
from polyrelax.search.store import Store

UNIT = Interval(Fraction(-1), Fraction(1))


def intervals(values: str = "-1 0 1") -> Question:
    """Ask a question of 48 networks, which no screen answers."""
    space = Space((1, 2, 1), vector(values.split()), vector([-1, 1]), (UNIT,))
    return Question(space, "ibp", "exact")


def everything(asked: Question) -> list[Finding]:
    return [found for part in explore(asked) for found in part.findings]


def test_slices_cover_the_space_in_order_whoever_works_on_them() -> None:
    asked = intervals("-2 -1 0 1 2")
    alone = list(explore(asked))
    assert len(alone) > 8  # more than are under way at a time
    assert [part.start for part in alone] == [0, *(part.stop for part in alone[:-1])]
    assert alone[-1].stop == asked.space.size
    with ThreadPoolExecutor(3) as executor:
        assert list(explore(asked, executor=executor)) == alone


def test_a_limit_cuts_behind_its_last_witness() -> None:
    asked = intervals()
    found = everything(asked)
    for limit in range(1, len(found) + 1):
        parts = list(limited(explore(asked), limit))
        assert [f for part in parts for f in part.findings] == found[:limit]
        assert parts[-1].stop == found[limit - 1].number + 1
    assert list(limited(explore(asked), len(found) + 1)) == list(explore(asked))


def test_what_is_stored_comes_back(tmp_path: Path) -> None:
    asked = intervals()
    store = Store.begin(tmp_path / "file", asked)
    assert (store.position, list(store.findings())) == (0, [])
    for part in explore(asked):
        store.add(part)
    again = Store.open(tmp_path / "file")
    assert (again.question, again.position) == (asked, asked.space.size)
    assert list(again.findings()) == everything(asked)
    assert len(everything(asked)) > 0


def test_a_slice_is_stored_once_and_whole(tmp_path: Path) -> None:
    asked = intervals()
    store = Store.begin(tmp_path / "file", asked)
    first = next(explore(asked))
    store.add(first)
    with pytest.raises(FormatError, match="does another process work on it"):
        store.add(first)
    found = first.findings[0]
    twice = Slice(first.stop, first.stop + 1, (found._replace(number=-1), found))
    with pytest.raises(FormatError, match="found a witness twice"):
        store.add(twice)
    assert (store.position, tuple(store.findings())) == (first.stop, first.findings)


def test_another_question_or_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    Store.begin(path, intervals())
    assert Store.begin(path, intervals()).question == intervals()
    with pytest.raises(FormatError, match="another search: shape 1-2-1, weights -1 0 1"):
        Store.begin(path, intervals("0 1"))
    path.write_text("no database, but a text that is long enough to be mistaken for one")
    for refused in (Store.open, lambda given: Store.begin(given, intervals())):
        with pytest.raises(FormatError, match="no file of a search"):
            refused(path)
    with pytest.raises(FileNotFoundError):
        Store.open(tmp_path / "missing")
    with pytest.raises(FileNotFoundError):
        Store.begin(tmp_path / "missing" / "file", intervals())
    (tmp_path / "empty").touch()
    with pytest.raises(FormatError, match="other tables than those of a search"):
        Store.open(tmp_path / "empty")


def test_a_damaged_question_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    Store.begin(path, intervals())
    for content in ("{}", "no json", "[]", '{"shape": "1-2-1"}'):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE campaign SET question = ?", (content,))
        with pytest.raises(FormatError, match="found no question"):
            Store.open(path)


def changed(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("position", "abc", "position: found 'abc', expected a number from 0 to 48"),
        ("position", 49, "position: found 49, expected a number from 0 to 48"),
        ("position", -1, "position: found -1, expected a number from 0 to 48"),
        ("position", 1.5, "position: found 1.5, expected a number from 0 to 48"),
        ("position", None, "position: found None, expected a number"),
        ("position", b"3", "position: found b'3', expected a number"),
        ("format", "other/1", "found the formats .'other/1'., expected"),
        ("question", 7, "found no question: found 7, expected"),
        ("question", b"{}", "question: found b'{}', expected a text"),
        ("question", "[" * 10**5, "found no question, but"),
        ("question", "{\n}", "question: found"),
    ],
)
def test_a_search_with_other_values_is_refused(
    column: str, value: object, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    Store.begin(path, intervals())
    changed(path, f"UPDATE campaign SET {column} = ?", value)
    with pytest.raises(FormatError, match=f"^{path}: {reason}"):
        Store.open(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("shape", "1-2_0-1"),
        ("shape", "1-1000000000-1"),
        ("shape", "1-" + "9" * 5000 + "-1"),
        ("shape", "9-9-1"),
        ("weights", "12"),
        ("weights", ["1", "1/2"]),
        ("weights", [str(k) for k in range(1001)]),
        ("outputs", ["1.0"]),
        ("min_gap", "-1"),
        ("loose", "p:0"),
        ("side", "left"),
        ("identities", "-1"),
        ("identities", "1000000000"),
        ("note", "more"),
    ],
)
def test_a_question_that_nobody_asks_is_refused(
    key: str, value: object, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    Store.begin(path, intervals())
    content = json.dumps({**intervals().data, key: value})
    changed(path, "UPDATE campaign SET question = ?", content)
    with pytest.raises(FormatError, match=f"^{path}: found (no|a) question"):
        Store.open(path)


def done(path: Path) -> Store:
    """Return the store of a search that is done."""
    store = Store.begin(path, intervals())
    for part in explore(intervals()):
        store.add(part)
    return store


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1, "found '1', expected"),  # the column makes a text of it
        ("1/0", "found '1/0', expected"),
        ("0.5", "found '0.5', expected"),
        ("x", "found 'x', expected"),
        (None, "found None, expected"),
        (b"1", "found b'1', expected"),
    ],
)
def test_a_witness_with_other_values_is_refused(
    value: object, reason: str, tmp_path: Path
) -> None:
    store = done(tmp_path / "file")
    first = next(store.findings()).number
    changed(store.path, "UPDATE witness SET loose_upper = ? WHERE number = ?", value, first)
    if value == 1:
        assert next(store.findings()).loose.upper == 1
        return
    with pytest.raises(FormatError, match=f"^{store.path}: witness {first}: {reason}"):
        next(store.findings())


@pytest.mark.parametrize("number", [-5, 48, 2**62])
def test_a_witness_beyond_what_is_done_is_refused(number: int, tmp_path: Path) -> None:
    store = done(tmp_path / "file")
    changed(store.path, "INSERT INTO witness VALUES (?, '0', '1', '-1', '1')", number)
    with pytest.raises(FormatError, match=f"witness {number}: expected a number from 0 below"):
        Store.open(store.path)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE witness",
        "CREATE TABLE other (a)",
        "CREATE TRIGGER t AFTER INSERT ON witness BEGIN DELETE FROM witness; END",
        "ALTER TABLE campaign ADD COLUMN more",
    ],
)
def test_other_tables_are_refused(statement: str, tmp_path: Path) -> None:
    store = done(tmp_path / "file")
    changed(store.path, statement)
    with pytest.raises(FormatError, match="found other tables than those of a search"):
        Store.open(store.path)


def test_a_view_is_not_taken_for_a_search(tmp_path: Path) -> None:
    path = tmp_path / "file"
    endless = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n)"
    changed(
        path,
        f"CREATE VIEW campaign AS {endless} SELECT i format, i question, i position FROM n",
    )
    with pytest.raises(FormatError, match="found other tables than those of a search"):
        Store.open(path)


def test_witnesses_are_read_in_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("polyrelax.search.store.PAGE", 3)
    store = done(tmp_path / "file")
    assert list(store.findings()) == everything(intervals())
    assert len(everything(intervals())) > 6


WORKER = """
import sys
from pathlib import Path
from polyrelax.search.executor import explore
from tests.search.test_store import intervals
from polyrelax.search.store import Store

store = Store.begin(Path(sys.argv[1]), intervals("-3 -2 -1 0 1 2 3"))
for part in explore(store.question, store.position):
    store.add(part)
"""


def test_ten_kills_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    asked = intervals("-3 -2 -1 0 1 2 3")
    path = tmp_path / "file"
    root = Path(__file__).parents[2]
    kills = 0
    for delay in range(10):
        process = subprocess.Popen([sys.executable, "-c", WORKER, str(path)], cwd=root)
        before = _position(path)
        while _position(path) <= before and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.005 * delay)
        process.kill()
        kills += process.wait() == -signal.SIGKILL
    assert kills == 10
    store = Store.begin(path, asked)
    for part in explore(asked, store.position):
        store.add(part)
    assert store.position == asked.space.size
    assert list(store.findings()) == everything(asked)


def _position(path: Path) -> int:
    try:
        return Store.open(path).position
    except (FormatError, FileNotFoundError):
        return -1
