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
from translator.reading import LeftOutError

PROOFS, CERTIFICATES = Path(__file__).parents[2], "*/*/certificate*.json"
USAGE = "usage: python -m translator TARGET [FILE...] or --stream FILE"


def main(arguments: Sequence[str]) -> int:
    """Translate files, say which have no rules, and return the exit status."""
    sys.set_int_max_str_digits(0)
    if not arguments or (arguments[0] == "--stream" and len(arguments) != 2):
        print(USAGE, file=sys.stderr)
        return 2
    if arguments[0] == "--stream":
        print(*stream(read(Path(arguments[1])), arguments[1]))
        return 0
    paths = [Path(name) for name in arguments[1:]] or sorted(PROOFS.glob(CERTIFICATES))
    if pair := same_name(paths):
        print(
            f"{str(pair[0])!a} and {str(pair[1])!a} have the same name in Coq", file=sys.stderr
        )
        return 1
    write(Path(arguments[0]), paths)
    return 0


def write(target: Path, paths: Sequence[Path]) -> None:
    """Write a file of Coq for each certificate that has rules."""
    target.mkdir(parents=True, exist_ok=True)
    for path in paths:
        try:
            text = theory(read(path), f"{path.parent.name}/{path.name}")
        except LeftOutError as error:
            print(f"{str(path)!a}: {error}", file=sys.stderr)
            continue
        (target / f"{module_name(path)}.v").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
