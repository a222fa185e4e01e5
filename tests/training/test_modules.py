"""Modules of PyTorch are read as the networks that they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import inf

import pytest

from polyrelax.errors import ArgumentError, PolyrelaxError, UnsupportedOperatorError
from polyrelax.interop.torch import from_torch

pytest.importorskip("torch", reason="needs polyrelax[torch]")

import torch
from torch import nn

READ: Mapping[str, tuple[Callable[[], list[object]], tuple[int, ...]]] = {
    "linear": (lambda: [nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2, bias=False)], (3,)),
    "nested": (
        lambda: [nn.Sequential(nn.Linear(3, 2), nn.Sequential(nn.ReLU())), nn.Identity()],
        (3,),
    ),
    "image": (
        lambda: [nn.Conv2d(1, 2, 3, padding=1, stride=2), nn.ReLU(), nn.MaxPool2d(2)],
        (1, 7, 7),
    ),
    "groups": (
        lambda: [nn.Conv1d(2, 4, 2, groups=2, padding="same", dilation=2), nn.Flatten()],
        (2, 5),
    ),
    "holes": (lambda: [nn.ConvTranspose2d(2, 1, 2, stride=2, output_padding=1)], (2, 3, 3)),
    "ceiled": (lambda: [nn.MaxPool2d(3, 2, padding=1, ceil_mode=True)], (2, 6, 6)),
    "means": (lambda: [nn.AvgPool1d(2, padding=1), nn.AvgPool1d(4)], (2, 7)),
    "means inside": (lambda: [nn.AvgPool1d(2, padding=1, count_include_pad=False)], (2, 7)),
    "lists": (lambda: [nn.MaxPool2d([2, 1]), nn.AvgPool2d([1, 2])], (1, 4, 4)),
    "one channel unsaid": (lambda: [nn.AdaptiveAvgPool2d(1)], (4, 2)),
    "whole": (lambda: [nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(3, 1)], (3, 5)),
    "whole mean": (lambda: [nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten()], (3, 2, 4)),
    "clips": (lambda: [nn.Hardtanh(-2, 3), nn.ReLU6(), nn.LeakyReLU(0.25)], (5,)),
    "slopes": (lambda: [nn.Conv1d(2, 2, 1), nn.PReLU(2), nn.Flatten(), nn.PReLU()], (2, 3)),
    "one module twice": (lambda: used_twice(nn.ReLU()), (2,)),
    "one layer twice": (lambda: used_twice(nn.Sequential(nn.Linear(2, 2), nn.ReLU())), (2,)),
    "dropped": (lambda: [nn.Linear(3, 3), nn.Dropout(), nn.ReLU()], (3,)),
}


def used_twice(module: nn.Module) -> list[object]:
    return [nn.Linear(2, 2), module, nn.Linear(2, 2), module, nn.Linear(2, 1)]


def whole_numbers(module: nn.Module) -> nn.Module:
    """Return the module with small integers as parameters, so that doubles round nothing."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randint(-3, 4, parameter.shape, generator=generator))
    return module.eval()


@pytest.mark.parametrize("name", READ)
def test_the_network_has_the_values_of_the_module(name: str) -> None:
    layers, shape = READ[name]
    module = whole_numbers(nn.Sequential(*layers()))
    network = from_torch(module, shape)
    generator = torch.Generator().manual_seed(2)
    for _ in range(5):
        x = torch.randint(-4, 5, (1, *shape), generator=generator)
        expected = module.double()(x.double()).flatten().tolist()
        assert network(x.flatten().tolist()) == tuple(map(Fraction, expected))


@pytest.mark.parametrize("precision", [torch.float32, torch.float64, torch.bfloat16])
def test_weights_are_what_they_are_in_any_precision(precision: object) -> None:
    layer = nn.Linear(1, 1).to(precision)
    ((weight,),), (bias,) = layer.weight.double().tolist(), layer.bias.double().tolist()
    assert from_torch(layer)([1]) == (Fraction(weight) + Fraction(bias),)


def test_a_batch_normalisation_is_affine_in_evaluation() -> None:
    layer = nn.BatchNorm1d(2, eps=0.0)
    layer.running_mean, layer.running_var = torch.tensor([1.0, -2.0]), torch.tensor([4.0, 0.25])
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([3.0, 1.0]))
        layer.bias.copy_(torch.tensor([0.5, 0.0]))
    # (x - 1) / 2 * 3 + 1/2, and (x + 2) / (1/2)
    assert from_torch(layer.eval())([2, 1]) == (2, 6)


def test_a_hard_sigmoid_has_slope_one_sixth_exactly() -> None:
    network = from_torch(nn.Hardsigmoid(), (1,))
    assert [network([x])[0] for x in (-4, -3, 1, 4)] == [0, 0, Fraction(2, 3), 1]


def test_widths_of_vectors_need_not_be_named() -> None:
    assert from_torch(nn.Linear(5, 2)).widths == (5, 2)
    assert from_torch(nn.Sequential(nn.ReLU(), nn.Linear(3, 1))).in_dim == 3


class Doubled(nn.Linear):  # type: ignore[misc]
    def forward(self, x: object) -> object:
        return 2 * super().forward(x)


class Named(nn.Sequential):  # type: ignore[misc]
    pass


def named(name: str, base: type[nn.Module], **methods: object) -> nn.Module:
    """Return a module of a class of somebody's own, which has any name."""
    return type(name, (base,), methods)(*([1, 1] if issubclass(base, nn.Linear) else []))


def twice(module: nn.Module, x: torch.Tensor) -> torch.Tensor:
    return 2 * x


def patched() -> nn.Module:
    layer = nn.Linear(1, 1)
    layer.forward = lambda x: 2 * x
    return layer


def hooked() -> nn.Module:
    layer = nn.Linear(1, 1)
    layer.register_forward_hook(lambda *_: None)
    return layer


def test_a_subclass_that_computes_the_same_is_read() -> None:
    assert from_torch(Named(nn.Linear(2, 1))).widths == (2, 1)


REFUSED = {
    "another kind": (
        nn.Sequential(nn.Linear(1, 1), nn.Softmax(1)),
        "module '1' (Softmax) is",
    ),
    "inside": (nn.Sequential(nn.Sequential(nn.Tanh())), "module '0.0' (Tanh) is not read, exp"),
    "a subclass": (Doubled(1, 1), "module '' (tests.training.test_modules.Doubled) is not"),
    "another ReLU": (named("ReLU", nn.Module, forward=twice), ".ReLU) is not read"),
    "another way to call": (named("Linear", nn.Linear, __call__=twice), ".Linear) is not"),
    "another Sequential": (named("Sequential", nn.Sequential, forward=twice), "is not read"),
    "another forward": (patched(), "module '' (Linear with methods of its own) is not read"),
    "several pixels": (
        nn.Sequential(nn.Linear(1, 1), nn.AdaptiveAvgPool2d((None, 1))),
        "module '1' (AdaptiveAvgPool2d) has output_size=a tuple, expected 1",
    ),
    "a norm in training": (
        nn.utils.parametrizations.spectral_norm(nn.Linear(2, 2)),
        "module '' (Linear) is in training mode",
    ),
    "indices": (
        nn.Sequential(nn.Linear(1, 1), nn.AdaptiveMaxPool1d(1, return_indices=True)),
        "has return_indices=True, expected False",
    ),
    "an infinite end": (nn.Sequential(nn.Linear(1, 1), nn.Hardtanh(-inf, 1)), "min_val=-inf"),
    "hooks": (hooked(), "module '' (Linear) has hooks, expected none"),
    "batches": (nn.BatchNorm1d(2), "is in training mode, expected module.eval()"),
    "dropout": (nn.Sequential(nn.Linear(1, 1), nn.Dropout()), "(Dropout) is in training mode"),
    "statistics": (
        nn.BatchNorm1d(2, track_running_stats=False).eval(),
        "has no running statistics, expected track_running_stats=True",
    ),
    "circles": (
        nn.Sequential(
            nn.Flatten(), nn.Linear(1, 1), nn.Conv1d(1, 1, 1, padding_mode="circular")
        ),
        "module '2' (Conv1d) has padding_mode='circular', expected 'zeros'",
    ),
    "axes": (nn.Sequential(nn.Linear(1, 1), nn.Flatten(0)), "has start_dim=0, expected 1"),
}


def test_hooks_of_all_modules_are_refused() -> None:
    handle = nn.modules.module.register_module_forward_hook(lambda *_: None)
    try:
        with pytest.raises(UnsupportedOperatorError, match=r"\(Linear\) has hooks"):
            from_torch(nn.Linear(1, 1))
    finally:
        handle.remove()


def test_parameters_that_are_computed_are_what_they_are() -> None:
    layer = nn.utils.parametrizations.weight_norm(nn.Linear(2, 1).double()).eval()
    weight = [Fraction(value) for value in layer.weight.flatten().tolist()]
    network = from_torch(layer)
    (shift,) = network([0, 0])
    assert [network(x)[0] - shift for x in ([1, 0], [0, 1])] == weight


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_exact_meaning_is_refused_by_its_place(name: str) -> None:
    module, message = REFUSED[name]
    with pytest.raises(UnsupportedOperatorError) as raised:
        from_torch(module)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("wrong", [None, 3, "net.pt", nn.Linear, [nn.ReLU()], torch.zeros(2)])
def test_what_is_no_module_is_refused(wrong: object) -> None:
    with pytest.raises(ArgumentError, match="expected a module of PyTorch"):
        from_torch(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [None, (4,), (1, 3, 3, 3), "ab", (-1,), (1, 0, 2), (10**12,)])
def test_shapes_that_do_not_fit_are_refused(shape: object) -> None:
    with pytest.raises(PolyrelaxError):
        from_torch(nn.Conv2d(1, 1, 2), shape)  # type: ignore[arg-type]


def test_numbers_that_are_not_finite_are_refused_by_their_name() -> None:
    layer = nn.Linear(1, 1)
    with torch.no_grad():
        layer.weight.fill_(torch.nan)
    with pytest.raises(PolyrelaxError, match="holds nan, expected finite numbers"):
        from_torch(layer)
