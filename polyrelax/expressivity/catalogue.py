r"""What is known not to be expressible: each statement with what is computed here.

A witness refutes *one* network, function or weight set; that *no* network does something is a
theorem, cited, or the outcome of an enumeration, whose extent is part of the statement.

>>> [entry.name for entry in CATALOGUE if entry.evidence is Evidence.CITED]
['C4', 'C8', 'C12']
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, final


class Evidence(StrEnum):
    """How much of a statement is computed."""

    PROVED = "decided or proved here"
    WITNESSED = "instances witnessed here, the general statement cited"
    CITED = "cited"


@final
@dataclass(frozen=True)
class Entry:
    """A statement on what cannot be expressed.

    ``computed`` says what is computed and by what; empty if nothing is.
    """

    name: str
    statement: str
    source: str
    evidence: Evidence
    computed: str = ""


CATALOGUE: Final = (
    Entry(
        "C1",
        "One hidden layer iff the gradient jumps by one constant across each hyperplane.",
        "derived",
        Evidence.PROVED,
        "one_hidden_layer: the network, or two points of a hyperplane",
    ),
    Entry(
        "C2",
        "Integral weights: the maximum of n numbers needs ceil(log2 n) hidden layers.",
        "[haase2023]",
        Evidence.WITNESSED,
        "newton.obstruction: a face of odd normalized volume",
    ),
    Entry(
        "C3",
        "Decimal fractions: it needs ceil(log3 n); with denominators N, a prime not in N.",
        "[averkov2025]",
        Evidence.WITNESSED,
        "newton.obstruction with prime=p",
    ),
    Entry(
        "C4",
        "Breaks on the braid arrangement only: max(0, x1, ..., x4) needs 3 hidden layers.",
        "[grillo2025]",
        Evidence.CITED,
    ),
    Entry(
        "C5",
        "Not a bound: the maximum of five numbers has 2 hidden layers with real weights.",
        "[bakaev2025]",
        Evidence.PROVED,
        "maximum_of_five.find: an identity, proved on all rays",
    ),
    Entry(
        "C6",
        "The maximum of five numbers is no combination of maxima of four and fewer.",
        "derived",
        Evidence.PROVED,
        "spans.Dictionary.find: a dual vector on rays; for that dictionary only",
    ),
    Entry(
        "C7",
        "1-Lipschitz layers in the maximum norm miss order statistics by (1 - 1/d) / 2.",
        "[zhang2022]; the constant derived",
        Evidence.PROVED,
        "lipschitz.best_pairs: weighted pairs of points; the claim p4-order-statistics",
    ),
    Entry(
        "C8",
        "For every network that separates three points IBP fails on some specification.",
        "[mirman2022]",
        Evidence.CITED,
    ),
    Entry(
        "C9",
        "The triangle expresses no network of max(x1, x2), hence not all convex functions.",
        "[baader2024]",
        Evidence.WITNESSED,
        "replacement.replacement_chain: for a given network, a box and a proved gap",
    ),
    Entry(
        "C10",
        "P_r is incomplete for every fixed r.",
        "[mao2024, v4]",
        Evidence.WITNESSED,
        "all_boxes.decide for P_1; the claims p0-theorem-3-3 and p0-identity-pumping",
    ),
    Entry(
        "C11",
        "A function with more affine pieces than an architecture has regions.",
        "Zaslavsky's theorem",
        Evidence.PROVED,
        "region_counts.too_many_pieces: both counts",
    ),
    Entry(
        "C12",
        "Decompositions into convex functions on a fixed complex form a polyhedron.",
        "C. Brandenburg, M. Grillo, C. Hertrich",
        Evidence.CITED,
    ),
    Entry(
        "C13",
        "1-Lipschitz layers have radius 1/(2d) at most for symmetric Boolean functions.",
        "[zhang2022]; that it is attained derived",
        Evidence.PROVED,
        "data_sets.standard_bound: both strategies of a game; the claim p4-boolean-radius",
    ),
    Entry(
        "C14",
        "M affine layers with MaxMin miss order statistics by 1/2 - 2^(M-2)/d.",
        "[zhang2022]; the constant and that the maximum has it derived",
        Evidence.PROVED,
        "order_statistics.least_missed: weighted pairs of points; the claim p4-maxmin-depth",
    ),
    Entry(
        "C15",
        "Some Boolean functions of d variables need MaxMin layers in proportion to d.",
        "[zhang2022]",
        Evidence.WITNESSED,
        "circuits.Circuits: the least number for all functions of up to three variables",
    ),
)
"""All entries, in the order of their names."""
