"""Exact linear programs: optima, proved bounds, and the evidence for both."""

from polyrelax.lp.linear_program import (
    Infeasible,
    LinearProgram,
    Optimum,
    Outcome,
    Row,
    Unbounded,
    dual_bound,
)
from polyrelax.lp.proposal import Proposal, Proposer
from polyrelax.lp.solve import Optimizer, feasible_point, maximize, minimize

__all__ = [
    "Infeasible",
    "LinearProgram",
    "Optimizer",
    "Optimum",
    "Outcome",
    "Proposal",
    "Proposer",
    "Row",
    "Unbounded",
    "dual_bound",
    "feasible_point",
    "maximize",
    "minimize",
]
