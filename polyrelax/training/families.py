"""What every family of trained networks answers, and what a step of training sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, final, runtime_checkable

from polyrelax.arithmetic.arguments import dimension, listed
from polyrelax.arithmetic.rational import shown
from polyrelax.errors import ArgumentError, ShapeError
from polyrelax.training.exact import Trained
from polyrelax.training.tensors import Tensor, torch


@final
@dataclass(frozen=True, eq=False)
class Step:
    """Some images with their labels, the part of the training that is done, and randomness."""

    images: Tensor
    labels: Tensor
    part: float
    source: torch.Generator


@runtime_checkable
class Family(Protocol):
    """Networks of some widths, trained for what certifies them; parameters are tensors."""

    @property
    def widths(self) -> tuple[int, ...]:
        """The numbers of inputs, of neurons of the layers, and of classes."""

    def start(self, source: torch.Generator) -> list[Tensor]:
        """Return parameters to begin with."""

    def loss(self, parameters: Sequence[Tensor], step: Step) -> Tensor:
        """Return the loss of one step."""

    def finished(self, parameters: Sequence[Tensor], images: Tensor) -> Trained:
        """Return what was trained, with means over all images where there are any."""


def require_family(value: object) -> None:
    """Raise :class:`ArgumentError` unless a value answers what a family does.

    >>> require_family("SortNet")
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 'SortNet', expected a family of networks
    """
    if not isinstance(value, Family):
        raise ArgumentError(f"found {shown(value)}, expected a family of networks")


def require_widths(widths: Sequence[int]) -> tuple[int, ...]:
    """Return widths; raise :class:`ShapeError` unless these are two positive ones or more.

    >>> require_widths([3])
    Traceback (most recent call last):
    polyrelax.errors.ShapeError: found the widths [3], expected two or more, each at least 1
    """
    found = tuple(dimension(width, "a width") for width in listed(widths, "widths"))
    if len(found) < 2 or min(found) < 1:
        raise ShapeError(
            f"found the widths {list(found)}, expected two or more, each at least 1"
        )
    return found
