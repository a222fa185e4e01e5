"""Change the checker in one place at a time, and list the changes that no document notices.

``python -m tests.certificates.mutation [FIRST LAST]`` takes minutes.  A mutant is *noticed* if
it accepts, rejects or cannot read a document that the checker judges otherwise, says something
else of an accepted one or of one that a test rejects, or breaks off.  The documents are all
that the tests of the checker give it, and single changes of the certificates.  The survivors
are discussed in ``mutation.md``.
"""

from __future__ import annotations

import ast
import io
import json
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType, ModuleType

import pytest

import polyrelax.certificates.check as checker
from polyrelax.certificates.hulls import certify_hull
from polyrelax.claims import load_claims
from tests.certificates.by_hand import BY_HAND, CITING, with_change
from tests.certificates.cases import PROBLEMS, rehashed, samples
from tests.certificates.mutants import changes
from tests.certificates.test_tampering import single_changes

Verdict = tuple[str, str]

TESTS = (
    *("check", "answers", "reading", "large", "limits", "rules", "line_rules", "point_rules"),
    *("hull_rules", "statement_rules", "functions", "lipschitz", "enumerations"),
    *("enumeration_rules", "gradient_rules", "dual_rules", "page", "certify", "streamed"),
)
"""What the tests of these files give the checker are documents here."""

MOST = 120
"""A mutant is given so many accepted documents, as many others, and those of the tests."""

MOST_SECONDS, MOST_BYTES = 30, 6 * 10**9
"""For a mutant, of the processor and of memory; the checker takes 7 s for all documents."""

STEP = 29
"""One in so many of the single changes is a document here; all of them are in the tests."""


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

    def recording(content: str) -> tuple[checker.Object, Iterator[object] | None]:
        texts.append(content)
        return read(content)

    checker.read = recording
    folder = Path(__file__).parent
    paths = [f"{folder}/test_{name}.py" for name in TESTS]
    with redirect_stdout(io.StringIO()):
        pytest.main(["-q", "-p", "no:cacheprovider", *paths])
    checker.read = read
    return [text for text in texts if len(text) < 2 * 10**5]


def verdict(module: ModuleType, text: str) -> Verdict:
    """Return what a checker says of a document."""
    try:
        return "accepted", module.examined(text).line
    except module.RejectedError as error:
        return "rejected", str(error)
    except module.UnreadableError:
        return "unreadable", ""
    except Exception as error:
        return "broken", type(error).__name__


def program(module: ModuleType, folder: Path) -> Verdict:
    """Return what a checker, as a program, says of files."""
    said, names = io.StringIO(), [*sorted(map(str, folder.iterdir())), str(folder / "none")]
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
    seconds: list[float]
    tested: int
    callers: dict[tuple[int, int], list[int]]
    folder: Path
    said: Verdict

    def about(self, line: int) -> set[int]:
        """Return documents that a change of a line may matter to, all those of the tests."""
        every = list(range(len(self.texts)))
        ranges = (known for (a, b), known in self.callers.items() if a <= line <= b)
        callers = next(ranges, every)
        chosen = []
        for is_accepted in (True, False):
            them = [k for k in callers if (self.told[k][0] == "accepted") == is_accepted]
            chosen += them[:: 1 + len(them) // MOST]
        return {*chosen, *(k for k in callers if k < self.tested)}


def gathered(tree: ast.Module, folder: Path) -> Documents:
    tests = given_by_tests()
    texts = list(dict.fromkeys((*tests, *corpus())))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    callers: dict[tuple[int, int], list[int]] = {
        (f.lineno, f.end_lineno or f.lineno): [] for f in functions
    }
    told, seconds = [], []
    for k, text in enumerate(texts):
        seen: set[int] = set()

        def profile(frame: FrameType, event: str, _: object, seen: set[int] = seen) -> None:
            if event == "call" and frame.f_code.co_filename == checker.__file__:
                seen.add(frame.f_code.co_firstlineno)

        start = time.process_time()
        sys.setprofile(profile)
        told.append(verdict(checker, text))
        sys.setprofile(None)
        seconds.append(time.process_time() - start)
        for (first, last), known in callers.items():
            if any(first <= line <= last for line in seen):
                known.append(k)
    wrong = with_change("nodes", 0, "at_most", value="1")
    cited = json.dumps(rehashed(CITING))
    for k, text in enumerate((texts[0], cited, wrong, "{}", texts[0][:-9])):
        (folder / str(k)).write_text(text)
    said = program(checker, folder)
    return Documents(texts, told, seconds, len(set(tests)), callers, folder, said)


def survives(tree: ast.Module, line: int, documents: Documents, noticing: Counter[int]) -> bool:
    """Whether a changed checker agrees with the checker on the documents about a line.

    Those that noticed most changes come first, then those that are checked soonest.
    """
    about = documents.about(line)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS, 1)
    try:
        module = module_of(ast.fix_missing_locations(tree))
        for k in sorted(about, key=lambda k: (-noticing[k], documents.seconds[k])):
            found, expected = verdict(module, documents.texts[k]), documents.told[k]
            told = k < documents.tested or expected[0] == "accepted"
            if found[0] != expected[0] or (told and found[1] != expected[1]):
                noticing[k] += 1
                return False
        return program(module, documents.folder) == documents.said
    except BaseException:
        return False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main(first: int, last: int) -> None:
    signal.signal(signal.SIGPROF, _too_long)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    tree = ast.parse(Path(checker.__file__).read_text(encoding="utf-8"))
    with TemporaryDirectory() as name:
        documents = gathered(tree, Path(name))
        accepted = sum(told[0] == "accepted" for told in documents.told)
        print(f"{len(documents.texts)} documents, {accepted} accepted")
        survivors = total = 0
        noticing: Counter[int] = Counter()
        for line, what, make, undo in sorted(changes(tree), key=itemgetter(0)):
            if not first <= line <= last:
                continue
            make()
            total += 1
            if survives(tree, line, documents, noticing):
                survivors += 1
                print(f"line {line}: {what}", flush=True)
            undo()
    print(f"{total} mutants, {survivors} survive")


if __name__ == "__main__":
    ends = [int(argument) for argument in sys.argv[1:]] or [0, 10**9]
    main(ends[0], ends[1])
