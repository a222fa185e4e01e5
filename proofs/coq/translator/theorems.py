"""The theorems that a certificate's statements become."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from translator.stated import Bound, Claim, HullOf, Under
from translator.wording import kind_text, relation_text, rows_text, shown


@dataclass(frozen=True)
class Side:
    """A bound of an output: its value and the number of its statement."""

    value: Fraction
    number: int


Sides: TypeAlias = dict[tuple[str, bool, int, int], Side]


def sides(claims: Sequence[Claim], depth: int) -> Sides:
    """Return bounds of single outputs by relaxation, relation, output and sign."""
    found = {}
    bounds = [(n, claim) for n, claim in enumerate(claims) if isinstance(claim, Bound)]
    for n, claim in bounds:
        if len(claim.form) == 1 and claim.form[0][1] == depth and abs(claim.form[0][0]) == 1:
            sign, _, j = claim.form[0]
            key = claim.relaxation, claim.reaches, j, int(sign)
            found[key] = Side(sign * claim.value, n)
    return found


def theorems(claims: Sequence[Claim], depth: int) -> Iterator[str]:
    found = sides(claims, depth)
    pairs = dict.fromkeys((key[0], key[2]) for key in found)
    for name, j in sorted(pairs, key=lambda pair: pair[0] != "exact"):
        stem = f"{name.replace(':', '_')}_output_{j}"
        yield from ranges(name, stem, j, found)
        for sign in (-1, 1):
            yield from attained(name, stem, (j, sign), found)
    readable = {side.number for side in found.values()}
    for n, claim in enumerate(claims):
        if n not in readable:
            yield from other(n, claim)


def other(n: int, claim: Claim) -> Iterator[str]:
    """Yield what a statement says that is no bound of an output."""
    proof = f"(stated f X claims all_true {n} _ eq_refl)"
    if isinstance(claim, Under) and not claim.form and claim.value < 0:
        value = shown(claim.value)
        yield (
            "Theorem no_input_satisfies_the_assumptions :\n"
            "  forall x, inside X x -> ~ satisfies (run f x) assumed.\n"
            "Proof.\n"
            f"  exact (nothing_satisfies (inside X) f assumed {value} eq_refl {proof}).\nQed.\n"
        )
        return
    text = f"Theorem statement_{n} : true_of (inside X) f ({claim.text})."
    yield f"{text}\nProof. exact {proof}. Qed.\n"
    if isinstance(claim, HullOf) and claim.relaxation != "exact":
        size = len(claim.places)
        kind = kind_text(claim.relaxation)
        theorem = f"set_of_relaxation X f {kind} _ _ _ eq_refl"
        subject = f"seen {kind} (inside X) f {claim.places_text} x"
        yield (
            f"Theorem set_of_statement_{n} : forall x, List.length x = {size}%nat ->\n"
            f"  ({subject} <->\n   within {rows_text(claim.rows)} x).\n"
            f"Proof.\n  exact ({theorem}\n    {proof}).\nQed.\n"
        )


def bound_term(name: str, j: int, sign: int, side: Side) -> str:
    """Return a proof that an output is at most, or at least, a value on a relaxation."""
    value = f"{shown(side.value)} eq_refl eq_refl"
    if sign < 0:
        value = f"{shown(-side.value)} {shown(side.value)} eq_refl eq_refl eq_refl"
    verb = "output_at_most" if sign > 0 else "output_at_least"
    return f"({verb} f X claims all_true {side.number} {kind_text(name)} {j} {value})"


def point_term(name: str, j: int, sign: int, side: Side) -> str:
    value = f"{shown(side.value)} eq_refl eq_refl"
    verb = "output_reaches"
    if sign < 0:
        value = f"{shown(-side.value)} {shown(side.value)} eq_refl eq_refl eq_refl"
        verb = "output_reaches_below"
    return f"({verb} f X claims all_true {side.number} {kind_text(name)} {j} {value})"


def ranges(name: str, stem: str, j: int, found: Sides) -> Iterator[str]:
    """Yield the theorem that encloses an output."""
    low, high = (found.get((name, False, j, sign)) for sign in (-1, 1))
    if low is None and high is None:
        return
    left = f"{shown(low.value)} <= " if low else ""
    right = f" <= {shown(high.value)}" if high else ""
    terms = [bound_term(name, j, s, side) for s, side in ((-1, low), (1, high)) if side]
    if name == "exact":
        subject = f"forall x, inside X x -> {left}output {j} (eval f x){right}"
        functions = [f"(Qle {shown(low.value)})"] if low else []
        functions += [f"(fun q => q <= {shown(high.value)})"] if high else []
        steps = [
            f"exact (network_output f (inside X) {g} {j} {term} x I)"
            for g, term in zip(functions, terms, strict=True)
        ]
        start = "intros x I."
    else:
        relation = relation_text(name)
        subject = (
            f"forall t, {relation} (inside X) f t ->\n  {left}output {j} (last_value t){right}"
        )
        start = "intros t T."
        if name == "triangle":
            start += " apply triangle_is_layered in T."
        steps = [f"exact ({term} t T)" for term in terms]
    body = f"split;\n  [ {steps[0]}\n  | {steps[1]} ]" if len(steps) == 2 else steps[0]
    yield f"Theorem {stem}_range : {subject}.\nProof.\n  {start} {body}.\nQed.\n"


def attained(name: str, stem: str, place: tuple[int, int], found: Sides) -> Iterator[str]:
    """Yield that a relaxation admits a value, and that it misses the network's extremum."""
    j, sign = place
    side = found.get((name, True, j, sign))
    if side is None:
        return
    extreme = "minimum" if sign < 0 else "maximum"
    value, point = shown(side.value), point_term(name, j, sign, side)
    bound = found.get((name, False, j, sign))
    if name == "exact":
        if bound is not None and bound.value == side.value:
            yield (
                f"Theorem exact_output_{j}_{extreme} :\n"
                f"  exact_{extreme} (inside X) f {j} {value}.\n"
                f"Proof.\n  exact ({extreme}_of (inside X) f {j} {value}\n"
                f"    {bound_term(name, j, sign, bound)}\n    {point}).\nQed.\n"
            )
        return
    relation = relation_text(name)
    relation = f"({relation})" if " " in relation else relation
    proof = f"admits_triangle _ _ _ _ {point}" if name == "triangle" else point
    theorem = f"{stem}_admits_{extreme}"
    yield (
        f"Theorem {theorem} : admits {relation} (inside X) f {j} {value}.\n"
        f"Proof. exact ({proof}). Qed.\n"
    )
    exact = [found.get(("exact", r, j, sign)) for r in (False, True)]
    if not all(exact) or len({e.value for e in exact if e}) != 1:
        return
    least = next(e.value for e in exact if e)
    if sign * side.value > sign * least:
        where = "below" if sign < 0 else "above"
        yield (
            f"Theorem {stem}_imprecise_{where} :\n"
            f"  imprecise_{where} {relation} (inside X) f {j}.\n"
            f"Proof.\n  exists {shown(least)}, {value}.\n"
            f"  split; [exact exact_output_{j}_{extreme} |].\n"
            f"  split; [exact {theorem} | reflexivity].\nQed.\n"
        )
