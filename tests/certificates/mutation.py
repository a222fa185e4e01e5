"""Change the checker in one place at a time, and list the changes that no document notices.

``python -m tests.certificates.mutation [FIRST LAST]`` takes minutes.  A mutant is *noticed* if
it accepts, rejects or cannot read a document that the checker judges otherwise, says something
else of an accepted one or of one that a test rejects, or breaks off.  The documents are all
that the tests of the checker give it, and single changes of the certificates.  The survivors
are discussed in ``mutation.md``.
"""
# ruff: noqa: ANN401 -- a rule is about nodes of some classes

from __future__ import annotations

import ast
import io
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType, ModuleType
from typing import Any

import pytest

import polyrelax.certificates.check as checker
from polyrelax.certificates.hulls import certify_hull
from polyrelax.claims import load_claims
from tests.certificates.by_hand import BY_HAND, CITING, with_change
from tests.certificates.cases import PROBLEMS, rehashed, samples
from tests.certificates.test_tampering import single_changes

Verdict = tuple[str, str]

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.USub: (ast.UAdd,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.FloorDiv),
    ast.FloorDiv: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,),
}
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min", "lcm": "max", "gcd": "max"}
MOST = 120
"""A mutant is given so many accepted documents, as many others, and those of the tests."""

STEP = 29
"""One in so many of the single changes is a document here; all of them are in the tests."""

Change = Callable[[], None]


def changes(tree: ast.Module) -> Iterator[tuple[int, str, Change, Change]]:
    """Yield line, description, and what makes and what undoes each change of a tree."""
    messages = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    skipped = {id(part) for message in messages for part in ast.walk(message)}
    for node in ast.walk(tree):
        if id(node) not in skipped:
            yield from _changes(node)


def _changes(node: ast.AST) -> Iterator[tuple[int, str, Change, Change]]:
    line = getattr(node, "lineno", 0)
    for field, new in _replacements(node):
        owner, key, old = field
        shown = old if isinstance(old, ast.expr | ast.stmt) else node
        at = getattr(shown, "lineno", line)
        before = ast.unparse(shown)[:70].replace("\n", " ")
        what = new.__class__.__name__ if isinstance(new, ast.AST) else repr(new)

        def make(owner: object = owner, key: object = key, new: object = new) -> None:
            _set(owner, key, new)

        def undo(owner: object = owner, key: object = key, old: object = old) -> None:
            _set(owner, key, old)

        yield at, f"{before}  [{what}]", make, undo


Field = tuple[object, object, object]


def _set(owner: object, key: object, value: object) -> None:
    if isinstance(owner, list) and isinstance(key, int):
        owner[key] = value
    else:
        setattr(owner, str(key), value)


def _replacements(node: ast.AST) -> Iterator[tuple[Field, object]]:
    for kind, rule in RULES:
        if isinstance(node, kind):
            yield from rule(node)
    for body in (getattr(node, name, None) for name in ("body", "orelse")):
        if isinstance(body, list):
            yield from _deletions(body)


def _comparisons(node: Any) -> Iterator[tuple[Field, object]]:
    for k, op in enumerate(node.ops):
        for kind in COMPARISONS[type(op)]:
            yield (node.ops, k, op), kind()


def _operators(node: Any) -> Iterator[tuple[Field, object]]:
    for each in OPERATORS.get(type(node.op), ()):
        yield (node, "op", node.op), each()


def _names(node: Any) -> Iterator[tuple[Field, object]]:
    if node.id in NAMES:
        yield (node, "id", node.id), NAMES[node.id]


def _branches(node: Any) -> Iterator[tuple[Field, object]]:
    yield (node, "test", node.test), ast.Constant(False)
    yield (node, "test", node.test), ast.Constant(True)


def _filters(node: Any) -> Iterator[tuple[Field, object]]:
    for k, test in enumerate(node.ifs):
        yield (node.ifs, k, test), ast.Constant(True)


def _constants(node: Any) -> Iterator[tuple[Field, object]]:
    if isinstance(node.value, bool):
        yield (node, "value", node.value), not node.value
    elif isinstance(node.value, int):
        for value in (node.value + 1, node.value - 1):
            yield (node, "value", node.value), value


def _deletions(body: list[ast.stmt]) -> Iterator[tuple[Field, object]]:
    for k, statement in enumerate(body):
        is_call = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
        if is_call or isinstance(statement, ast.AugAssign | ast.Continue):
            yield (body, k, statement), ast.copy_location(ast.Pass(), statement)


RULES: tuple[tuple[Any, Callable[[Any], Iterator[tuple[Field, object]]]], ...] = (
    (ast.Compare, _comparisons),
    (ast.BinOp, _operators),
    (ast.AugAssign, _operators),
    (ast.BoolOp, _operators),
    (ast.UnaryOp, _operators),
    (ast.Constant, _constants),
    (ast.Name, _names),
    (ast.IfExp | ast.If | ast.While, _branches),
    (ast.comprehension, _filters),
)


def corpus() -> Iterator[str]:
    """Yield documents: valid ones, what breaks each rule, and single changes of the valid."""
    documents = [json.loads(sample.dumps()) for sample in samples()]
    documents += [rehashed(BY_HAND), rehashed(CITING)]
    documents.append(json.loads(certify_hull(*PROBLEMS["skip connection"]).dumps()))
    yield from (json.dumps(document) for document in documents)
    for claim in load_claims():
        for path in sorted(claim.path.glob("certificate-*.json"))[:1]:
            yield path.read_text(encoding="utf-8")
    for document in documents:
        if len(json.dumps(document)) < 10**4:
            for other in islice(single_changes(document), 0, None, STEP):
                yield json.dumps(other)
                if other["problem"] != document["problem"]:
                    yield json.dumps(rehashed(other))


def given_by_tests() -> list[str]:
    """Return the documents that the tests of the checker's rules give it."""
    texts: list[str] = []
    read = checker.read

    def recording(content: str) -> dict[str, object]:
        texts.append(content)
        return read(content)

    checker.read = recording
    folder = Path(__file__).parent
    names = ("check", "rules", "reading", "hull_rules", "functions", "large", "page", "certify")
    with redirect_stdout(io.StringIO()):
        pytest.main(["-q", "-p", "no:cacheprovider", *(f"{folder}/test_{n}.py" for n in names)])
    checker.read = read
    return [text for text in texts if len(text) < 10**5]


def verdict(module: ModuleType, text: str) -> Verdict:
    """Return what a checker says of a document."""
    try:
        return "accepted", module.check(text)
    except module.RejectedError as error:
        return "rejected", str(error)
    except module.UnreadableError:
        return "unreadable", ""
    except Exception as error:
        return "broken", type(error).__name__


def program(module: ModuleType, folder: Path) -> Verdict:
    """Return what a checker, as a program, says of files."""
    said, names = io.StringIO(), sorted(map(str, folder.iterdir()))
    statuses = []
    try:
        with redirect_stdout(said), redirect_stderr(said):
            for paths in ([], *([name] for name in names), names, names[::-1]):
                statuses.append(module.main(paths))
    except Exception as error:
        return "broken", type(error).__name__
    return str(statuses), said.getvalue()


def module_of(tree: ast.Module) -> ModuleType:
    module = ModuleType("mutant")
    sys.modules["mutant"] = module
    exec(compile(tree, "mutant", "exec"), module.__dict__)
    return module


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError


@dataclass(frozen=True)
class Documents:
    """Texts with the checker's verdicts, and for each function's lines those that call it."""

    texts: list[str]
    told: list[Verdict]
    tested: int
    callers: dict[tuple[int, int], list[int]]
    folder: Path
    said: Verdict

    def about(self, line: int) -> list[int]:
        """Return documents that a change of a line may matter to: those of the tests first."""
        every = list(range(len(self.texts)))
        ranges = (known for (a, b), known in self.callers.items() if a <= line <= b)
        callers = next(ranges, every)
        chosen = []
        for is_accepted in (True, False):
            them = [k for k in callers if (self.told[k][0] == "accepted") == is_accepted]
            chosen += them[:: 1 + len(them) // MOST]
        return sorted({*chosen, *(k for k in callers if k < self.tested)})


def gathered(tree: ast.Module, folder: Path) -> Documents:
    tests = given_by_tests()
    texts = list(dict.fromkeys((*tests, *corpus())))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    callers: dict[tuple[int, int], list[int]] = {
        (f.lineno, f.end_lineno or f.lineno): [] for f in functions
    }
    told = []
    for k, text in enumerate(texts):
        seen: set[int] = set()

        def profile(frame: FrameType, event: str, _: object, seen: set[int] = seen) -> None:
            if event == "call" and frame.f_code.co_filename == checker.__file__:
                seen.add(frame.f_code.co_firstlineno)

        sys.setprofile(profile)
        told.append(verdict(checker, text))
        sys.setprofile(None)
        for (first, last), known in callers.items():
            if any(first <= line <= last for line in seen):
                known.append(k)
    wrong = with_change("nodes", 0, "at_most", value="1")
    cited = json.dumps(rehashed(CITING))
    for k, text in enumerate((texts[0], cited, wrong, "{}", texts[0][:-9])):
        (folder / str(k)).write_text(text)
    return Documents(texts, told, len(set(tests)), callers, folder, program(checker, folder))


def survives(tree: ast.Module, line: int, documents: Documents) -> bool:
    """Whether a changed checker agrees with the checker on the documents about a line."""
    signal.alarm(300)
    try:
        module = module_of(ast.fix_missing_locations(tree))
        for k in documents.about(line):
            found, expected = verdict(module, documents.texts[k]), documents.told[k]
            told = k < documents.tested or expected[0] == "accepted"
            if found[0] != expected[0] or (told and found[1] != expected[1]):
                return False
        return program(module, documents.folder) == documents.said
    except BaseException:
        return False
    finally:
        signal.alarm(0)


def main(first: int, last: int) -> None:
    signal.signal(signal.SIGALRM, _too_long)
    tree = ast.parse(Path(checker.__file__).read_text(encoding="utf-8"))
    with TemporaryDirectory() as name:
        documents = gathered(tree, Path(name))
        accepted = sum(told[0] == "accepted" for told in documents.told)
        print(f"{len(documents.texts)} documents, {accepted} accepted")
        survivors = total = 0
        for line, what, make, undo in sorted(changes(tree), key=itemgetter(0)):
            if not first <= line <= last:
                continue
            make()
            total += 1
            if survives(tree, line, documents):
                survivors += 1
                print(f"line {line}: {what}", flush=True)
            undo()
    print(f"{total} mutants, {survivors} survive")


if __name__ == "__main__":
    ends = [int(argument) for argument in sys.argv[1:]] or [0, 10**9]
    main(ends[0], ends[1])
