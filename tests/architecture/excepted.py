"""What the walk with wrong arguments leaves out, and why."""

from __future__ import annotations

from collections.abc import Mapping

_ARRAYS = "a kernel's: arrays that its callers have made"
_BUILDER = "a builder's inside: what it has made itself, before an independent checker judges"
_CASES = "what a tree of cases is made of; LipschitzSearch makes it, and asks"
_GERMS = "functions of the ends of an interval, made while a decision runs"
_LOWERED = "nodes and tensors that the reader has checked"
_READ = "parts of a text that the reader has cut out, with their places"
_SIDES = "sides and points of polytopes, made by the million inside of Polytope"
_INNERMOST = "asked of every candidate or number, of which there are millions"
EXCEPTED: Mapping[str, str] = {
    "arithmetic.arguments": "what the others ask",
    "arithmetic.integer_matrix": _ARRAYS,
    "arithmetic.limbs": _ARRAYS,
    "arithmetic.long_integers": _INNERMOST,
    "arithmetic.patterns": _ARRAYS,
    "arithmetic.rational.dense_vector": _INNERMOST,
    "arithmetic.rational.dot": _INNERMOST,
    "arithmetic.rational.primitive": _INNERMOST,
    "arithmetic.rational.sparse": _INNERMOST,
    "arithmetic.readable": "a decorator",
    "arithmetic.working_form": "a decorator",
    "certificates.certificate": _BUILDER,
    "certificates.check": "a program of its own, whose functions take JSON; texts are below",
    "certificates.layer_hulls": _BUILDER,
    "certificates.ledger": _BUILDER,
    "certificates.multipliers.found_of": _BUILDER,
    "certificates.pairs": _BUILDER,
    "certificates.single_layer": _BUILDER,
    "certificates.windows": _BUILDER,
    "cli": "the program, whose texts tests/cli gives",
    "errors": "what is raised",
    "expressivity.elimination": _GERMS,
    "expressivity.end_hulls.sum_of": _GERMS,
    "expressivity.end_triangles.Inequality": _GERMS,
    "expressivity.end_triangles.Program": _GERMS,
    "expressivity.germs": _GERMS,
    "expressivity.open_cells": _GERMS,
    "interop.documents": _READ,
    "interop.s_expressions": _READ,
    "lp.float_program": _ARRAYS,
    "lp.proposal": _ARRAYS,
    "networks.display": "what a network shows of itself",
    "networks.double_rows": _ARRAYS,
    "networks.neuron_data": _LOWERED,
    "networks.rows": "rows of an Affine, which asks",
    "networks.symmetry.image": _INNERMOST,
    "networks.symmetry.moved": _INNERMOST,
    "networks.symmetry.permuted": _INNERMOST,
    "polytopes.boxes": _SIDES,
    "polytopes.checks": "what the others ask",
    "polytopes.complexes": _SIDES,
    "polytopes.conversion": _SIDES,
    "polytopes.display": _SIDES,
    "polytopes.engines": "integer rows, made by polytopes.conversion",
    "polytopes.form": _SIDES,
    "polytopes.forms": _SIDES,
    "polytopes.incidence": _SIDES,
    "polytopes.pieces": _SIDES,
    "polytopes.polyhedra_format": _READ,
    "polytopes.polyhedra_options": _READ,
    "polytopes.residues": _SIDES,
    "polytopes.support": _SIDES,
    "polytopes.svg": _SIDES,
    "relaxations.array_triangle": _ARRAYS,
    "relaxations.constants_of_forms": _ARRAYS,
    "relaxations.deeppoly.BackSubstitution.below": "a field that is a function",
    "relaxations.display": "what a trace shows of itself",
    "relaxations.dual_ascent": _ARRAYS,
    "relaxations.float_bounds": _ARRAYS,
    "relaxations.float_steps": _ARRAYS,
    "relaxations.integer_boxes": _ARRAYS,
    "relaxations.integer_substitution": _ARRAYS,
    "relaxations.neuron_lines": "sets after layers, made layer by layer",
    "relaxations.pair_barrier.PairProposer": _ARRAYS,
    "relaxations.pair_facets": _ARRAYS,
    "relaxations.program_set": "sets after layers, made layer by layer",
    "relaxations.progress": "what a relaxation tells of itself",
    "relaxations.substitution": "sets after layers, made layer by layer",
    "relaxations.triangle_program": _ARRAYS,
    "relaxations.wishes": _ARRAYS,
    "search.cluster": "addresses of clusters, which tests/search starts",
    "search.kernel": _ARRAYS,
    "search.proof": _INNERMOST,
    "search.question.Question.gap": _INNERMOST,
    "search.question.side_gap": _INNERMOST,
    "search.screen": _ARRAYS,
    "search.triangle_kernel": _ARRAYS,
    "search.triangle_screen": _ARRAYS,
    "systems.rows.linear": _INNERMOST,
    "systems.substitution.Substitution.bound": _BUILDER,
    "systems.substitution.no_joint_rows": "answers the same to everything",
    "systems.substitution.no_multipliers": "answers the same to everything",
    "systems.system.substituted": _INNERMOST,
    "verification.affine_forms": _CASES,
    "verification.cells": _CASES,
    "verification.gradients": _ARRAYS,
    "verification.last_positive": "floats that a radius is sought with",
    "verification.matrices": _ARRAYS,
    "verification.search": _CASES,
    "verification.sizes": _CASES,
    "verification.streamed_gradients": _BUILDER,
}
"""What is not walked, by the beginnings of names."""
DOORS = ("interop.onnx.reading", "interop.onnx.writing", "interop.vnnlib")
INSIDE = {"interop.onnx.": _LOWERED, "interop.vnnlib.": _READ}
"""Of these rooms the doors are walked alone."""
ONCE = ("search.store.Store.add", "search.inexpressibility.Survey.advance")
"""What a second call finds done already."""
