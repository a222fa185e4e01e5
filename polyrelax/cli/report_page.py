"""The page of ``polyrelax report``: the tables of ``bounds`` and a chart, in one HTML file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from polyrelax.cli.bounds_report import bounds_blocks
from polyrelax.cli.layout import Block
from polyrelax.cli.runs import Run
from polyrelax.plotting.widths import widths_svg
from polyrelax.relaxations.display import html_table

_STYLE: Final = """
body { font-family: sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid #ccc; padding: 0.2rem 0.6rem; text-align: left; }
svg { height: auto; max-width: 100%; }
"""


def page(name: str, runs: Sequence[Run], *, neurons: bool | None) -> str:
    """Return the page on one network, complete in itself."""
    title = f"Bounds of {escape(name)}"
    body = "\n".join(_body(runs, neurons=neurons))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>"
    )


def _body(runs: Sequence[Run], *, neurons: bool | None) -> Iterator[str]:
    widths = " → ".join(map(str, runs[0].trace.network.widths))
    yield f"<p>Width of the input and after each layer: {widths}</p>"
    yield widths_svg([run.trace for run in runs])
    yield from map(_block, bounds_blocks(runs, neurons=neurons))


def _block(block: Block) -> str:
    if isinstance(block, str):
        return f"<p>{escape(block)}</p>"
    return f"<h2>{escape(block.title)}</h2>\n{html_table(block.header, block.rows)}"
