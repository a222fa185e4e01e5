"""The theorems that a certificate in the format ``polyrelax-certificate/1`` becomes.

They state what the certificate claims about its network, and prove it by running the checker of
`Document.v` on the certificate's nodes.

Each file ends with what its theorems rest on, by `Print Assumptions`.  The names of files and
of relaxations, which anybody may have chosen, become nothing but names.

Statements that rest on cited theorems, and those of Lipschitz constants, are left out and named
in a comment: `Document.v` has no rules for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from translator.limbs import many
from translator.nodes import Writer
from translator.problems import domain_stream, domain_text, layer_stream, layer_text, layers_of
from translator.reading import LeftOutError, Object, fields
from translator.stated import (
    Claim,
    assumptions_of,
    assumptions_stream,
    assumptions_text,
    claims_of,
)
from translator.theorems import theorems
from translator.wording import named, wrapped

REQUIRED = """From Coq Require Import QArith List Uint63 PArray.
From Polyrelax Require Import Network Relaxation Layered Lines Rows Hulls Spans Lipschitz
  Document Statements Stream NodeStream.
"""
ASSUMED = """
(** What is assumed of the inputs: forms of the network's values, and their limits. *)
Definition assumed : list (form * Q) := {}.
"""
BODY = """(** {title} *)

Module Claimed.
Import ListNotations.
Open Scope Q_scope.

Definition f : network :=
  [ {layers} ].

Definition X : polytope := {domain}.
{assumed}
(** Each statement with the number of the row, the point or the evidence that proves it. *)
Definition claims : list (statement * nat) :=
  [ {claims} ].
End Claimed.
Import Claimed.

Definition evidence : array int := [| {evidence} | 0 |]%uint63.

Import ListNotations.
Open Scope Q_scope.

Lemma all_true : Forall (true_of (inside X) f) (map fst claims).
Proof. apply (check_sound f X {given} (read_certificate evidence)). by_running. Qed.
"""


def certified(document: Object, title: str) -> tuple[Writer, list[Claim], list[str]]:
    """Return the nodes, the claims that they prove, and what is left out."""
    writer = Writer(document)
    claims, left_out = claims_of(document, writer)
    if not claims:
        raise LeftOutError(f"{title} states nothing that has rules here")
    return writer, claims, left_out


def theory(document: Object, title: str) -> str:
    """Return the text that states and proves what a certificate claims, without `REQUIRED`."""
    writer, claims, left_out = certified(document, title)
    title = named(title)
    if left_out:
        title += f"\n\n    Not stated here: what it says of {named(', '.join(left_out))}."
    rows = assumptions_of(document)
    text = BODY.format(
        assumed=ASSUMED.format(assumptions_text(rows)) if rows else "",
        given="assumed" if rows else "[]",
        title=title,
        evidence="; ".join(map(str, writer.stream)),
        layers=";\n    ".join(map(layer_text, layers_of(document))),
        domain=domain_text(fields(fields(document["problem"])["input"])),
        claims=";\n    ".join(f"({claim.text}, {claim.proof}%nat)" for claim in claims),
    )
    proved = list(theorems(claims, writer.depth))
    names = re.findall(r"^Theorem (\w+)", "\n".join(proved), re.MULTILINE)
    every = f"Definition every_theorem := ({', '.join(['all_true', *names])})."
    return wrapped("\n".join([text, *proved, every, "Print Assumptions every_theorem."]))


def stream(document: Object, title: str) -> list[int]:
    """Return a whole certificate, as `NodeStream.read_document` reads it."""
    writer, claims, _ = certified(document, title)
    return written(document, claims, writer)


def written(document: Object, claims: Sequence[Claim], writer: Writer) -> list[int]:
    return [
        *many([layer_stream(layer) for layer in layers_of(document)]),
        *domain_stream(fields(fields(document["problem"])["input"])),
        *assumptions_stream(assumptions_of(document)),
        *many([[*claim.stream, claim.proof] for claim in claims]),
        *writer.stream,
    ]
