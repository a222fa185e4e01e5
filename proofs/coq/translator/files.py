"""Certificates as files: each becomes a file of Coq, of a name of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from translator import generate, streamed
from translator.reading import MalformedError, Object, fields
from translator.streamed import Lines

STREAMED = "polyrelax-certificate/2"

Document: TypeAlias = Object | Lines


def read(path: Path) -> Document:
    """Return the certificate in a file, in either format."""
    try:
        return parsed(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MalformedError((error.strerror or "it cannot be read").lower()) from None
    except UnicodeDecodeError:
        raise MalformedError("this is not text in UTF-8") from None
    except (json.JSONDecodeError, RecursionError):
        raise MalformedError("this is not JSON, in one object or one in each line") from None


def parsed(text: str) -> Document:
    first, _, rest = text.partition("\n")
    if STREAMED in first:
        head, *nodes = (fields(json.loads(line)) for line in (first, *rest.splitlines()))
        return Lines(head, tuple(nodes))
    return fields(json.loads(text))


def theory(document: Document, title: str) -> str:
    """Return the file of Coq that states and proves what a certificate claims."""
    if isinstance(document, Lines):
        return f"{streamed.REQUIRED}\n{streamed.theory(document, title)}"
    return f"{generate.REQUIRED}\n{generate.theory(document, title)}"


def stream(document: Document, title: str) -> list[int]:
    """Return a whole certificate for the extracted checker: its format, and what it reads."""
    if isinstance(document, Lines):
        return [2, *streamed.translated(document).stream]
    return [1, *generate.stream(document, title)]


def module_name(path: Path) -> str:
    """Return the name of a certificate's file in Coq: its folder and its own name."""
    stem = path.stem.removeprefix("certificate-")
    name = re.sub(r"\W", "_", f"{path.absolute().parent.name}_{stem}", flags=re.ASCII)
    return name if name[0].isalpha() else f"c{name}"


def same_name(paths: Sequence[Path]) -> tuple[Path, Path] | None:
    """Return two certificates for which there is one name: one would hide the other."""
    found: dict[str, Path] = {}
    for path in paths:
        other = found.setdefault(module_name(path), path)
        if other is not path:
            return other, path
    return None
