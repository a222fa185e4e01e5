"""Pages made at build time: the API, the claims, the verbs, the notebooks, performance."""

from __future__ import annotations

import os
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polyrelax
from polyrelax.claims import STATUSES, Claim, load_claims

ROOMS = {
    "arithmetic": "Arithmetic: rationals, vectors, matrices, intervals",
    "lp": "Linear programs",
    "polytopes": "Polytopes",
    "networks": "Networks",
    "systems": "Systems of rows",
    "relaxations": "Relaxations",
    "analysis": "Analysis",
    "certificates": "Certifying and checking",
    "audit": "Audits of claims",
    "verification": "Verdicts about networks",
    "expressivity": "Expressivity",
    "search": "Search",
    "plotting": "Pictures",
    "interop": "Files of other programs",
    "training": "Training",
    "strategies": "Hypothesis strategies",
    "claims": "Claims",
    "errors": "Errors",
}


def generate(source: Path) -> None:
    """Write all generated pages below ``source / "generated"``, anew."""
    target = source / "generated"
    shutil.rmtree(target, ignore_errors=True)
    for part in ("api", "claims", "notebooks"):
        (target / part).mkdir(parents=True)
    write_api(target / "api")
    write_claims(target / "claims")
    write_notebooks(source.parent / "notebooks", target / "notebooks")
    # Sphinx keeps the name "search" for its own page.
    shutil.copy(source / "search.md", target / "searching.md")
    shutil.copy(source.parent / "benchmarks" / "README.md", target / "performance.md")
    (target / "verbs.md").write_text("\n".join(verbs()), encoding="utf-8")


def write_api(target: Path) -> None:
    """Write one page for each room, with all of its public modules."""
    (package,) = polyrelax.__path__
    names = [m.name for m in pkgutil.walk_packages([package], "polyrelax.")]
    rooms = [room for room in ROOMS if f"polyrelax.{room}" in names]
    for room in rooms:
        inside = [n for n in names if is_public(n) and f"{n}.".startswith(f"polyrelax.{room}.")]
        text = [title(ROOMS[room], "="), *(line for n in inside for line in automodule(n))]
        (target / f"{room}.rst").write_text("\n".join(text), encoding="utf-8")
    index = [title("API by room", "="), TREE_RST, *(f"   {room}" for room in rooms), ""]
    (target / "index.rst").write_text("\n".join(index), encoding="utf-8")


TREE_RST = "Each room may use those above it only.\n\n.. toctree::\n   :maxdepth: 1\n"


def is_public(name: str) -> bool:
    """Whether no part of a module's name starts with an underscore."""
    return not any(part.startswith("_") for part in name.split("."))


def automodule(name: str) -> Iterator[str]:
    """Yield the section on one module."""
    yield title(f"``{name}``", "-")
    yield f".. automodule:: {name}\n"


def title(text: str, underline: str) -> str:
    """Return a title in reStructuredText."""
    return f"{text}\n{underline * len(text)}\n"


def write_claims(target: Path) -> None:
    """Write one page for each claim, and their table."""
    claims = load_claims()
    lines = ["# Published statements", "", CLAIMS_INTRODUCTION]
    for status in STATUSES:
        chosen = [claim for claim in claims if claim.status == status]
        lines += ["", f"## {status.capitalize()} ({len(chosen)})", "", *table(chosen)]
    tree = ["", "```{toctree}", ":hidden:", "", *(claim.name for claim in claims), "```", ""]
    (target / "index.md").write_text("\n".join(lines + tree), encoding="utf-8")
    for claim in claims:
        text = "\n".join(claim_page(claim))
        (target / f"{claim.name}.md").write_text(text, encoding="utf-8")


CLAIMS_INTRODUCTION = """\
Each is derived anew by `polyrelax reproduce`; this page is made from `proofs/`.
*Reproduced*: the statement's own numbers or verdicts come out. *Refuted as stated*: values
that contradict the wording that was tested. *Open*: what was computed does not settle it, for
the reason given."""


def table(claims: list[Claim]) -> Iterator[str]:
    """Yield the table of some claims."""
    yield from ("| claim | source |", "|---|---|")
    for claim in claims:
        yield f"| [{claim.title}]({claim.name}.md) | {claim.reference} |"


def claim_page(claim: Claim) -> Iterator[str]:
    """Yield the page of a claim: what is claimed, what comes out, and the mathematics."""
    yield f"# {claim.title}\n"
    facts = {
        "Status": f"**{claim.status}**",
        "Source": claim.reference,
        "Wording": claim.wording,
    }
    facts |= {"Why": claim.reason} if claim.reason else {}
    for name, fact in facts.items():
        yield f"{name}\n: {one_line(fact)}\n"
    yield f"> {one_line(claim.statement)}\n"
    if claim.expected:
        yield "| value | result |\n|---|---|"
        for key, value in claim.expected.items():
            yield f"| {cell(key)} | {cell(value)} |"
    readme = (claim.path / "README.md").read_text(encoding="utf-8")
    yield "\n" + re.sub(r"^#", "##", with_displays(readme), flags=re.MULTILINE)


def with_displays(text: str) -> str:
    """Return a text with each display formula in a paragraph of its own, as MyST wants it."""
    return re.sub(r"\s*\$\$\s*(.+?)\s*\$\$\s*", r"\n\n$$\n\1\n$$\n\n", text, flags=re.DOTALL)


def one_line(text: str) -> str:
    """Return a text without line breaks."""
    return " ".join(text.split())


def cell(text: str) -> str:
    """Return a text as literal text of a table."""
    return f"`{text}`".replace("|", "\\|") if text else ""


def write_notebooks(source: Path, target: Path) -> None:
    """Copy the notebooks with their stored outputs, and list them."""
    names = sorted(path.stem for path in source.glob("*.ipynb"))
    for name in names:
        shutil.copy(source / f"{name}.ipynb", target)
    tree = ["# Notebooks", "", "One question each.", "", "```{toctree}", "", *names, "```", ""]
    (target / "index.md").write_text("\n".join(tree), encoding="utf-8")


def verbs(*path: str) -> Iterator[str]:
    """Yield the help of the program, or of one verb, and of the verbs below it."""
    text = help_of(*path)
    heading = f"## {' '.join(path)}\n\n" if path else ""
    yield f"{heading}```text\n{text}```\n"
    for verb in re.findall(r"^  ([\w-]+)", text.partition("Commands:")[2], re.MULTILINE):
        yield from verbs(*path, verb)


def help_of(*verb: str) -> str:
    """Return what the program says of itself."""
    program = "import sys; from polyrelax.cli import main; sys.exit(main())"
    run = subprocess.run(
        [sys.executable, "-c", program, *verb, "--help"],
        capture_output=True,
        check=True,
        env={**os.environ, "COLUMNS": "90", "TERMINAL_WIDTH": "90"},
        text=True,
    )
    return run.stdout
