"""The verb ``check``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them

from __future__ import annotations

from typing import Annotated

import typer


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Certificates.")],
) -> None:
    """Check certificates.

    The exit status is 0 if all are accepted, 1 if one is rejected and 2 if one cannot be read.
    """
    from polyrelax.certificates.check import main

    status = main(files)
    if status:
        raise typer.Exit(status)
