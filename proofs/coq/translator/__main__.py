"""The program: theorems of Coq from certificates.

Run as ``python -m translator TARGET [FILE...]``: each file, or each certificate of the folders
of `proofs/`, becomes ``TARGET/NAME.v``.  ``python -m translator --stream FILE`` prints a
certificate for the extracted checker; that its network and its claims are copied right is then
trusted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from translator.files import module_name, read, same_name, stream, theory
from translator.reading import LeftOutError, MalformedError

PROOFS, CERTIFICATES = Path(__file__).parents[2], "*/*/certificate*.json"
FOREIGN = (LeftOutError, MalformedError, KeyError)
USAGE = "usage: python -m translator TARGET [FILE...] or --stream FILE"


def main(arguments: Sequence[str]) -> int:
    """Translate files, say which have no rules, and return the exit status."""
    sys.set_int_max_str_digits(0)
    if not arguments or (arguments[0] == "--stream" and len(arguments) != 2):
        return fail(USAGE)
    if arguments[0] == "--stream":
        return print_stream(Path(arguments[1]))
    paths = [Path(name) for name in arguments[1:]] or sorted(PROOFS.glob(CERTIFICATES))
    if pair := same_name(paths):
        fail(f"{str(pair[0])!a} and {str(pair[1])!a} have the same name in Coq")
        return 1
    return write(Path(arguments[0]), paths)


def fail(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 2


def print_stream(path: Path) -> int:
    try:
        print(*stream(read(path), str(path)))
    except FOREIGN as error:
        return fail(told(path, error))
    return 0


def write(target: Path, paths: Sequence[Path]) -> int:
    """Write a file of Coq for each certificate that has rules."""
    target.mkdir(parents=True, exist_ok=True)
    status = 0
    for path in paths:
        try:
            text = theory(read(path), f"{path.parent.name}/{path.name}")
        except FOREIGN as error:
            fail(told(path, error))
            status = status if isinstance(error, LeftOutError) else 2
            continue
        (target / f"{module_name(path)}.v").write_text(text, encoding="utf-8")
    return status


def told(path: Path, error: Exception) -> str:
    """Return what is wrong with a file."""
    lacks = isinstance(error, KeyError)
    return f"{str(path)!a}: {f'the field {error} is missing' if lacks else error}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
