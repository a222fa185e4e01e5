"""What people type: an example or two of each verb, which end its help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "audit bounds": ("NET.onnx bounds.txt --lower 0 --upper 1 --certificates proofs",),
    "audit rows": ("cube.ine rows.npy --with-neurons --certificates proofs",),
    "audit verdicts": ("results.csv --benchmarks benchmarks --each 60 -o verdicts.html",),
    "audit witness": (
        "counterexample.txt --network NET.onnx --property property.vnnlib",
        "results --benchmarks benchmarks --fail-on refuted",
    ),
    "bounds": (
        "NET.onnx --lower 0 --upper 1 -r crown -r triangle",
        "NET.onnx --center images.csv --image 3 --epsilon 2/255 --clip 0,1",
    ),
    "check": ("proofs/output-0-lower.json --network NET.onnx --input box.json",),
    "compare": ("NET.json -r triangle -r p:1",),
    "export": (
        "NET.json --to onnx --round -o NET.onnx",
        "NET.onnx --to mps --maximize Y_0 --lower 0 --upper 1 -o triangle.mps",
    ),
    "hull": ("cube.ine", "box.json --relu --format ext"),
    "lipschitz": ("NET.onnx --everywhere --norm 1", "NET.onnx --input box.json --time 60"),
    "radius": ("NET.onnx --images images.csv --method lp-last --certificates proofs",),
    "regions": ("NET.json --input box.json --list --plot regions.svg",),
    "report": ("NET.onnx --lower 0 --upper 1 -o report.html",),
    "reproduce": ("", "p1-table-1"),
    "search export": ("search.jsonl -o witnesses.json",),
    "search incompleteness": (
        "--shape 1-2-2-1 --loose p:1 --tight exact",
        "--shape 1-2-1 --weights=-1..1 --store search.jsonl",
    ),
    "search inexpressibility": ("--shape 1-2-1,1-2-1-1 --relaxations dp0,triangle",),
    "search propose": ("--shape 1-2-2-1 --loose triangle --tight exact",),
    "search resume": ("search.jsonl",),
    "search status": ("search.jsonl",),
    "shrink": ("witness.json -o smaller.json",),
    "verify": (
        "NET.onnx property.vnnlib --certificate proof.json",
        "--list instances.csv --store verdicts.jsonl --certificates proofs",
    ),
}
"""What follows the name of each verb."""


def epilog(verb: str) -> str:
    """Return the end of the help of a verb.

    >>> epilog("report").splitlines()[1:]
    ['Examples:', '  polyrelax report NET.onnx --lower 0 --upper 1 -o report.html']
    """
    lines = (f"  polyrelax {verb} {example}".rstrip() for example in EXAMPLES[verb])
    return "\n".join(("\b", "Examples:", *lines))  # which keeps the lines as they are
