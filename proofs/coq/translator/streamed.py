"""The theorems that a certificate of lines becomes, proved by the checker of `Cases.v`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from translator.cases import Row, Vector, Writer
from translator.inputs import Inputs, inputs_of
from translator.limbs import many, number, ratio
from translator.reading import (
    LeftOutError,
    Object,
    fields,
    form_of,
    form_stream,
    items,
    rational,
    vector_stream,
)
from translator.stages import Stage, signed, stages_of
from translator.wording import Form, form_text, named, shown, vector_text, wrapped

REQUIRED = """From Coq Require Import ZArith QArith List Uint63 PArray.
From Polyrelax Require Import Network Layered Stream Neurons Cases CaseStatements CaseStream.
"""
BODY = """(** {title} *)

Module Claimed.
Import ListNotations.
Open Scope Q_scope.

Definition f : stages :=
  [ {stages} ].

Definition X : inputs := {inputs}.

(** Each claim with what proves it: a row that is so many times the claim, or an input. *)
Definition claims : list (claim * evidence) :=
  [ {claims} ].
End Claimed.
Import Claimed.

Definition nodes : array int := [| {nodes} | 0 |]%uint63.

Import ListNotations.
Open Scope Q_scope.

Lemma all_true : Forall (claim_holds f X) (map fst claims).
Proof. apply (check_cases_sound f X (read_nodes nodes)). by_running. Qed.
"""


@dataclass(frozen=True)
class Lines:
    """A certificate in the format ``polyrelax-certificate/2``: its head and its other lines."""

    head: Object
    nodes: tuple[Object, ...]


@dataclass(frozen=True)
class Claim:
    """A statement about a form, and the row or the input that proves it."""

    form: Form
    value: Fraction
    proof: Row | Vector

    @property
    def text(self) -> str:
        form, value = form_text(self.form), shown(self.value)
        if isinstance(self.proof, Row):
            row, times = self.proof.number + 1, signed(self.proof.scale)
            return f"(Bounded {form} {value}, By {row} {times})"
        return f"(Attained {form} {value}, Run {vector_text(self.proof)})"

    @property
    def stream(self) -> list[int]:
        stated = [*form_stream(self.form), *ratio(self.value)]
        if isinstance(self.proof, Row):
            return [0, *stated, self.proof.number, *number(self.proof.scale)]
        return [1, *stated, *vector_stream(self.proof)]


@dataclass(frozen=True)
class Translated:
    """A certificate: the problem, its claims, and its rows as integers."""

    stages: list[Stage]
    inputs: Inputs
    claims: list[Claim]
    rows: list[list[int]]

    @property
    def stream(self) -> list[int]:
        """The whole certificate, as `CaseStream.read_case_document` reads it."""
        return [
            *many([stage.stream for stage in self.stages]),
            *self.inputs.stream,
            *many([claim.stream for claim in self.claims]),
            *many(self.rows),
        ]


def translated(document: Lines) -> Translated:
    """Return what a certificate claims, and what proves it."""
    problem, claim = fields(document.head["problem"]), fields(document.head["claim"])
    if claim.get("assuming"):
        raise LeftOutError("statements under assumptions have no rules here for lines")
    inputs = inputs_of(problem["input"])
    stages = stages_of(problem["layers"], inputs.dim)
    writer = Writer(stages, inputs)
    proofs = writer.write(iter(document.nodes))
    pairs = zip(map(fields, items(claim["statements"])), proofs, strict=True)
    claims = [claim_of(statement, writer.proved[k]) for statement, k in pairs]
    return Translated(stages, inputs, claims, writer.rows)


def claim_of(statement: Object, proof: Row | Vector) -> Claim:
    if statement.get("relaxation") != "exact":
        raise LeftOutError("only statements of the network itself have rules here for lines")
    is_row = isinstance(proof, Row)
    if is_row != (statement["relation"] == "at most"):
        raise LeftOutError("a statement is proved by another kind of node")
    return Claim(form_of(statement["form"]), rational(statement["value"]), proof)


def theory(document: Lines, title: str) -> str:
    """Return the text that states and proves what a certificate claims, without `REQUIRED`."""
    found = translated(document)
    text = BODY.format(
        title=named(title),
        stages=";\n    ".join(stage.text for stage in found.stages),
        inputs=found.inputs.text,
        claims=";\n    ".join(claim.text for claim in found.claims),
        nodes="; ".join(map(str, many(found.rows))),
    )
    proved = list(theorems(found.claims, len(found.stages)))
    names = re.findall(r"^Theorem (\w+)", "\n".join(proved), re.MULTILINE)
    every = f"Definition every_theorem := ({', '.join(['all_true', *names])})."
    return wrapped("\n".join([text, *proved, every, "Print Assumptions every_theorem."]))


def theorems(claims: Sequence[Claim], depth: int) -> Iterator[str]:
    """Yield each claim, in words where it is about one output."""
    for n, claim in enumerate(claims):
        if len(claim.form) == 1 and claim.form[0][1] == depth and abs(claim.form[0][0]) == 1:
            yield about_output(n, claim)
        else:
            stated = re.sub(r", (By|Run) .*", "", claim.text.removeprefix("("))
            yield (
                f"Theorem statement_{n} : claim_holds f X ({stated}).\n"
                f"Proof. exact (claimed f X claims all_true {n} _ eq_refl). Qed.\n"
            )


def about_output(n: int, claim: Claim) -> str:
    """Return the theorem of a bound of an output, or that it is reached."""
    sign, _, j = claim.form[0]
    value, given = shown(sign * claim.value), shown(claim.value)
    subject, proof = f"output {j} (final_value f x)", f"f X claims all_true {n} {j} {given}"
    below = "_below" if sign < 0 else ""
    if sign < 0:
        proof = f"{proof} {value}"
    rest = "eq_refl eq_refl" if sign < 0 else "eq_refl"
    if isinstance(claim.proof, Row):
        verb, name = ("at_least", "lower") if sign < 0 else ("at_most", "upper")
        bound = f"{value} <= {subject}" if sign < 0 else f"{subject} <= {value}"
        return (
            f"Theorem output_{j}_{name}_{n} : forall x, allowed X x -> {bound}.\n"
            f"Proof. exact (value_{verb} {proof} {rest}). Qed.\n"
        )
    return (
        f"Theorem output_{j}_reaches_{n} : exists x, allowed X x /\\ {subject} == {value}.\n"
        f"Proof. exact (value_reached{below} {proof} {rest}). Qed.\n"
    )
