"""Every option of every verb answers junk in our own words, never by what broke inside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from polyrelax.cli.app import _application
from tests.cli.conftest import Program

JUNK = ("text", "-1", "nan", "9" * 5000, "")
SLOW = ("reproduce",)  # what it does with right options takes seconds
PLACES = ("output", "certificates")  # any name is right
REQUIRED = {"shrink": ("--loose", "p:1", "--tight", "exact"), "report": ("-o", "page.html")}


def options() -> Iterator[tuple[str, str]]:
    """Yield each verb with each option that has a value, and with "" for its argument."""
    for name, verb in vars(typer.main.get_command(_application()))["commands"].items():
        if name in SLOW or hasattr(verb, "commands"):
            continue
        for parameter in verb.params:
            if parameter.param_type_name == "argument":
                yield name, ""
            elif not parameter.is_flag and parameter.name not in PLACES:
                yield name, max(parameter.opts, key=len)


@pytest.mark.parametrize(("verb", "option"), list(options()))
def test_junk_is_refused_or_answered(
    program: Program, tent: Path, monkeypatch: pytest.MonkeyPatch, verb: str, option: str
) -> None:
    monkeypatch.chdir(tent.parent)
    box = tent.parent / "box.json"
    box.write_text(json.dumps({"lower": ["0"], "upper": ["1"]}))
    for junk in JUNK:
        given = [str(box if verb == "hull" else tent), f"{option}={junk}"] if option else [junk]
        finished = program(verb, *given, *REQUIRED.get(verb, ()))
        assert finished.status in {0, 1, 2, 3, 4}
        assert "object at 0x" not in finished.stderr
        if finished.status == 2:
            assert 1 <= len(finished.stderr.splitlines()) <= 8
            assert "Exceeds the limit" not in finished.stderr


def test_every_verb_with_a_file_is_asked() -> None:
    assert {"bounds", "check", "compare", "hull", "report", "shrink"} <= {
        v for v, _ in options()
    }
