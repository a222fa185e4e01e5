"""The options that several verbs share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer


class Format(StrEnum):
    """How a report is written."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


class HullFormat(StrEnum):
    """How a polytope is written."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    INE = "ine"
    EXT = "ext"


Net: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="NET",
        help="A network: ONNX by its suffix, up to a tensor as NET.onnx#TENSOR, else JSON; "
        "- is standard input.",
    ),
]
Names: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "-r",
        "--relaxation",
        metavar="NAME",
        help="ibp, dp0, dp1, crown, fastlin, triangle, krelu:K, m:K, p:R or exact; repeatable. "
        "Default (compare has none): the six for any size; also p:1 and exact with up to "
        "2 inputs and 10 ReLU neurons, and krelu:2 and m:1 with up to 12 in layers of "
        "at most 3.",
    ),
]
Lower: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="A,B,..",
        help="Lower ends of the input box; a single one serves for all inputs.",
    ),
]
Upper: TypeAlias = Annotated[
    str | None, typer.Option(metavar="A,B,..", help="Upper ends of the input box.")
]
Input: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--input",
        metavar="FILE",
        help="The input set: JSON, VNN-LIB, a cdd or lrs file, or rows. Default: that of NET.",
    ),
]
Case: TypeAlias = Annotated[
    int | None,
    typer.Option(
        metavar="N", help="Take one of several sets of inputs in a file, counted from 1."
    ),
]
Center: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|A,B,..",
        help="The center of a ball of inputs in the maximum norm: numbers, an array of floats "
        "(.npy), JSON lists, or lines label,0..255, which are divided by 255.",
    ),
]
Epsilon: TypeAlias = Annotated[
    str | None, typer.Option(metavar="E", help="The radius of the ball around --center.")
]
Clip: TypeAlias = Annotated[
    str | None, typer.Option(metavar="L,U", help="Keep the ball's inputs from L to U.")
]
Image: TypeAlias = Annotated[
    int | None,
    typer.Option(metavar="N", help="Which point of the file of --center, counted from 0."),
]
Bits: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="N|exact",
        help="Round bounds outward to multiples of 2^-N, or not at all. "
        "Default: exact up to 32 ReLU neurons in few layers, 32 bits beyond.",
    ),
]
Groups: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="LAYER:J,J;J,J",
        help="The groups of neurons of krelu:K at a ReLU layer, counted from 0; "
        "repeatable. Default: all groups of K unstable neurons of each layer.",
    ),
]
Neurons: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--neurons/--no-neurons",
        help="Show the bounds of every neuron. Default: only of small networks.",
    ),
]
Certificates: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--certificates/--no-certificates",
        help="Certify the bounds of the outputs. Default: of networks with up to 8 ReLU "
        "neurons; beyond, it may take long.",
    ),
]
CertificateFolder: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--certificates",
        metavar="DIR",
        help="Write a certificate of each bound of the outputs to DIR, for polyrelax check.",
    ),
]
Time: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--time",
        metavar="SECONDS",
        help="Print what is proved after so many seconds, and stop; the exit status is 3 then.",
    ),
]
Jobs: TypeAlias = Annotated[
    int | None, typer.Option("-j", "--jobs", min=1, help="Processes. Default: all processors.")
]
Dask: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADDRESS",
        help="The scheduler of a Dask cluster. It, its workers and this command trust each "
        "other and whoever can connect to them; with tls:// these are the holders of keys.",
    ),
]
TlsCa: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--tls-ca",
        metavar="FILE",
        help="The certificate authority of --dask tls://... Default: Dask's configuration.",
    ),
]
TlsCert: TypeAlias = Annotated[
    Path | None,
    typer.Option("--tls-cert", metavar="FILE", help="The certificate for --dask, likewise."),
]
TlsKey: TypeAlias = Annotated[
    Path | None,
    typer.Option("--tls-key", metavar="FILE", help="The key of that certificate, likewise."),
]
Layout: TypeAlias = Annotated[Format, typer.Option("--format", help="How to write the report.")]
Output: TypeAlias = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write the report to FILE instead."),
]
