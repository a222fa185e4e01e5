"""Certificates of bounds of forms of the outputs, such as the margins between classes.

What is stated are the bounds of the forms; the bounds of the neurons are lemmas.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from polyrelax.arithmetic.arguments import require
from polyrelax.certificates.check import examined
from polyrelax.certificates.duals import DualProver
from polyrelax.certificates.groups import GroupProver
from polyrelax.certificates.multipliers import Found, found_of
from polyrelax.certificates.streamed import Problem, StreamedCertificate
from polyrelax.relaxations.barrier import ProvedForms, lines_of
from polyrelax.relaxations.wishes import NO_WISHES
from polyrelax.systems.rows import Row, linear


def certify_forms(proved: ProvedForms) -> StreamedCertificate:
    """Return a certificate of all bounds, which the checker has accepted.

    >>> import numpy as np
    >>> from polyrelax.networks.gallery import maximum
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> from polyrelax.relaxations.barrier import LP_GREEDY
    >>> from polyrelax.relaxations.integer_substitution import unit_forms
    >>> square, forms = Polytope.box([0, 0], [1, 1]), unit_forms(np.array([0]))
    >>> print(certify_forms(LP_GREEDY.proved(maximum(2), square, forms)))
    exact: 1 v(3, 0) <= 3/2; exact: -1 v(3, 0) <= 0
    """
    require(proved, ProvedForms)
    rows = _by_groups(proved) if proved.octahedra else DualProver(proved).rows()
    made = StreamedCertificate(Problem(proved.trace.network, proved.domain), tuple(rows))
    examined(made.dumps())
    return made


def _by_groups(proved: ProvedForms) -> Iterator[Row]:
    """Yield the bounds that use facets of groups."""
    prover, depth = GroupProver(proved), len(proved.trace.network.layers)
    forms, unit = proved.forms, Fraction(2) ** -proved.forms.exponent
    for numbers, value, (_, given, weights) in zip(
        forms.numbers.tolist(), proved.values, _found(proved), strict=True
    ):
        pairs = zip(forms.columns.tolist(), numbers, strict=True)
        form = linear(((depth, j), n * unit) for j, n in pairs)
        joint = prover.joint(weights)
        yield prover.substitution.bound(form, value, given, joint)


def _found(proved: ProvedForms) -> list[Found]:
    """Return the better of the bounds that lines alone and multipliers give each form."""
    substitution = lines_of(proved.trace.sets[-1]).integers()
    assert substitution is not None, "it gave the bounds"
    passes = [
        found_of(proved.trace, substitution, proved.forms, wishes)
        for wishes in (NO_WISHES, proved.wishes)
    ]
    return [min(pair, key=lambda found: found[0]) for pair in zip(*passes, strict=True)]
