"""The networks of the literature, each with its source.

A citation such as "[mao2024, v4]" names an entry of ``proofs/references.bib`` and, for
arXiv, the version.  *Derived* marks instances that were worked out for this project.
"""

from polyrelax.networks.gallery.maxima import (
    maximum,
    maximum_encodings,
    two_relu_example,
)
from polyrelax.networks.gallery.multivariate import (
    ConvexLayer,
    input_convex,
    salman_example,
    section_three_example,
    unbounded_gap,
)
from polyrelax.networks.gallery.tents import (
    tent,
    tent_clamped,
    tent_copied,
    tent_flattened,
    tent_merged,
    tent_unit_weights,
    tent_with_blocks,
    tent_with_identities,
)
from polyrelax.networks.gallery.univariate import (
    absolute_value,
    cancelling,
    clipped_ramp,
    convex_encoding,
    convex_split_encoding,
    hat,
    monotone_ramps,
    monotone_sum,
    ramp_difference,
    ramp_reflected,
)

__all__ = [
    "ConvexLayer",
    "absolute_value",
    "cancelling",
    "clipped_ramp",
    "convex_encoding",
    "convex_split_encoding",
    "hat",
    "input_convex",
    "maximum",
    "maximum_encodings",
    "monotone_ramps",
    "monotone_sum",
    "ramp_difference",
    "ramp_reflected",
    "salman_example",
    "section_three_example",
    "tent",
    "tent_clamped",
    "tent_copied",
    "tent_flattened",
    "tent_merged",
    "tent_unit_weights",
    "tent_with_blocks",
    "tent_with_identities",
    "two_relu_example",
    "unbounded_gap",
]
