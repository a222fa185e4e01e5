"""Neurons of all kinds in network files."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given

from polyrelax.arithmetic.rational import rational
from polyrelax.errors import PolyrelaxError
from polyrelax.interop.network_json import FORMAT, Problem, dumps, loads
from polyrelax.networks.layers import Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.passing import Pass
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import neuron_networks


def read(neurons: str, inputs: int = 2) -> Network:
    ends = json.dumps({"lower": ["0"] * inputs, "upper": ["1"] * inputs})
    layers = '[{"neurons": ' + neurons + "}]"
    return loads(f'{{"format": "{FORMAT}", "input": {ends}, "layers": {layers}}}').network


@given(neuron_networks(2, out_dim=2))
def test_networks_of_neurons_are_read_as_written(network: Network) -> None:
    problem = Problem(network, Polytope.box([0, 0], [1, 1]))
    assert loads(dumps(problem)) == problem


def test_a_layer_is_read_as_it_is_told() -> None:
    found = read(
        '[{"maximum": [1, 0]}, {"clip": [0], "lower": "-1/2", "upper": 1},'
        ' {"leaky_relu": [1], "slope": "1/10"}, {"clip": [0], "upper": 0}, {"pass": [1]}]'
    )
    assert found.layers == (
        Neurons(
            2,
            (
                (Maximum(2), (1, 0)),
                (Clip(rational("-1/2"), rational(1)), (0,)),
                (LeakyReLU(rational("1/10")), (1,)),
                (Clip(None, rational(0)), (0,)),
                (Pass(), (1,)),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("neurons", "message"),
    [
        ("[]", "layers[0].neurons: found a layer without neurons, expected at least one"),
        ("{}", "layers[0].neurons: found an object, expected an array"),
        (
            "[3]",
            "layers[0].neurons[0]: found 3, expected one of the neurons pass, relu,",
        ),
        (
            '[{"median": [0]}]',
            "layers[0].neurons[0]: found the key 'median', expected one of",
        ),
        (
            '[{"relu": [0], "absolute": [1]}]',
            "layers[0].neurons[0]: found the keys 'relu', 'absolute', expected one of the",
        ),
        ('[{"relu": [0], "slope": 1}]', "layers[0].neurons[0]: found the keys 'relu', 'slope'"),
        (
            '[{"leaky_relu": [0]}]',
            "found the key 'leaky_relu', expected 'leaky_relu', 'slope'",
        ),
        ('[{"relu": [0, 1]}]', "found the neuron relu on 2 values, expected 1"),
        ('[{"maximum": [0, 2]}]', "found a neuron on [0, 2], expected coordinates of 2"),
        (
            '[{"maximum": []}]',
            "layers[0].neurons[0]: found a maximum of 0 numbers, expected at",
        ),
        ('[{"maximum": [-1]}]', "layers[0].neurons[0].maximum[0]: found -1, expected an"),
        ('[{"clip": [0]}]', "layers[0].neurons[0]: found a clip without ends, expected one or"),
        (
            '[{"clip": [0], "lower": 1, "upper": 1}]',
            "layers[0].neurons[0]: found a clip from 1 to 1, expected the first to be less",
        ),
        ('[{"clip": [0], "lower": 0.5}]', "found 0.5, which is inexact"),
    ],
)
def test_what_is_no_layer_of_neurons_is_refused(neurons: str, message: str) -> None:
    with pytest.raises(PolyrelaxError, match=re.escape(message)):
        read(neurons)
