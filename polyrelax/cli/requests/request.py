"""What the verbs on a network are asked: their options, which are the fields of a request."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from polyrelax.cli.terminal.options import (
    Bits,
    Case,
    Center,
    CertificateFolder,
    Certificates,
    Clip,
    Epsilon,
    Format,
    Groups,
    Image,
    Input,
    Layout,
    Lower,
    Names,
    Net,
    Neurons,
    Output,
    Time,
    Upper,
)


@dataclass(frozen=True)
class Inputs:
    """The options that say which inputs a network reads, as they are given."""

    lower: str | None = None
    upper: str | None = None
    input_set: Path | None = None
    case: int | None = None
    center: str | None = None
    epsilon: str | None = None
    clip: str | None = None
    image: int | None = None

    @property
    def given(self) -> tuple[str, ...]:
        """The names of the options that are given."""
        names = (f.name for f in fields(self) if getattr(self, f.name) is not None)
        return tuple(name.removesuffix("_set") for name in names)


@dataclass(frozen=True)
class Request:
    """A network, its inputs, and the relaxations that are to bound it."""

    net: Net
    relaxation: Names = None
    lower: Lower = None
    upper: Upper = None
    input_set: Input = None
    case: Case = None
    center: Center = None
    epsilon: Epsilon = None
    clip: Clip = None
    image: Image = None
    bits: Bits = None
    groups: Groups = None
    neurons: Neurons = None
    time: Time = None
    output: Output = None

    @property
    def inputs(self) -> Inputs:
        """The options that name the inputs."""
        return Inputs(
            self.lower,
            self.upper,
            self.input_set,
            self.case,
            self.center,
            self.epsilon,
            self.clip,
            self.image,
        )


@dataclass(frozen=True)
class TableRequest(Request):
    """The same, with a choice of how the report is written."""

    layout: Layout = Format.TABLE


@dataclass(frozen=True)
class BoundsRequest(TableRequest):
    """The same, with a folder for certificates."""

    certificates: CertificateFolder = None


@dataclass(frozen=True)
class ReportRequest(Request):
    """The same, with a choice of what is certified."""

    certificates: Certificates = None


_R = TypeVar("_R", bound=Request)


def answering(request: type[_R]) -> Callable[[Callable[[_R], None]], Callable[..., None]]:
    """Return a decorator of verbs, which gives them the fields of a request as options.

    >>> @answering(Request)
    ... def show(request: Request) -> None:
    ...     print(request.net, request.bits)
    >>> show("net.json", bits="exact")
    net.json exact
    """
    made: Callable[..., _R] = request

    def decorate(verb: Callable[[_R], None]) -> Callable[..., None]:
        def command(*arguments: object, **options: object) -> None:
            verb(made(*arguments, **options))

        command.__name__, command.__doc__ = verb.__name__, verb.__doc__
        # Typer reads the options from the signature.
        setattr(command, "__signature__", inspect.signature(request))  # noqa: B010
        return command

    return decorate
