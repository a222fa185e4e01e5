"""Whether a certificate is about a given network and a given set of inputs, exactly.

Two networks are equal if they read equally many inputs and have equally many layers, each of
which is the same function as its counterpart: equal weights and biases as rational numbers, and
ReLUs in the same places.  How layers are written does not matter.  Networks with the same
outputs and other layers are different, since a claim may be about any layer.  Input sets are
compared as sets.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from polyrelax.arithmetic.arguments import require
from polyrelax.certificates.check import (
    Inputs,
    RejectedError,
    Subject,
    Work,
    layer,
    network_digest,
)
from polyrelax.certificates.streamed import short_layer_data
from polyrelax.errors import UnboundedError, UnsupportedNeuronError
from polyrelax.networks.network import Network
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope

UNLIMITED: Final = 10**15
"""The size of a file that pays for any network of the user's own."""


def digest(network: Network) -> str:
    """Return the hash by which the checker names a network.

    Raises :class:`UnsupportedNeuronError` for one that no certificate can be about.

    >>> from polyrelax.networks.gallery import tent
    >>> digest(tent()) == digest(tent().prefix(2))
    False
    """
    require(network, Network)
    data = zip(map(short_layer_data, network.layers), network.widths, strict=False)
    try:
        layers = [layer(given, width, Work(UNLIMITED)) for given, width in data]
    except RejectedError as error:
        raise UnsupportedNeuronError(f"no certificate is about it: {error}") from None
    return network_digest(network.in_dim, layers)


def is_about_network(subject: Subject, network: Network) -> bool:
    """Whether a claim is about a network, layer by layer."""
    require(subject, Subject)
    try:
        return subject.kind == "network" and subject.digest == digest(network)
    except UnsupportedNeuronError:
        return False


def named(network: Network) -> str:
    """Return a network in the checker's words, without a hash if no certificate is about it.

    >>> from polyrelax.networks.layers import ReLU
    >>> named(Network((ReLU(2),)))[:30]
    'the network 2-2 (sha256 a70ce0'
    """
    require(network, Network)
    shape = f"the network {'-'.join(map(str, network.widths))}"
    try:
        return f"{shape} (sha256 {digest(network)})"
    except UnsupportedNeuronError as error:
        return f"{shape} ({error})"


def is_about_inputs(subject: Subject, domain: Polytope) -> bool:
    """Whether a claim is about a set of inputs."""
    require(subject, Subject)
    require(domain, Polytope)
    stated = input_set(subject.inputs)
    if stated.dim != domain.dim:
        return False
    try:
        return domain <= stated <= domain
    except UnboundedError:  # the set of the claim, which may be any polyhedron
        return False


def input_set(given: Inputs) -> Polytope:
    """Return the input set of a certificate.

    >>> input_set(Inputs(1, box=([0], [1], 2)))
    Polytope.box(['0'], ['1/2'])
    """
    require(given, Inputs)
    if given.box is not None:
        lower, upper, scale = given.box
        return Polytope.box(*([Fraction(x, scale) for x in ends] for ends in (lower, upper)))
    return Polytope.intersection(_constraints(given), given.dim)


def _constraints(given: Inputs) -> list[Constraint]:
    found = []
    for row in given.rows:
        normal = [Fraction(row.form.get((0, j), 0), row.scale) for j in range(given.dim)]
        make = Constraint.equal if row.is_equation else Constraint.at_most
        found.append(make(normal, Fraction(row.offset, row.scale)))
    return found
