"""Every exception that polyrelax raises on purpose."""

from __future__ import annotations


class PolyrelaxError(Exception):
    """Base class: ``except PolyrelaxError`` catches all deliberate failures."""


class InexactInputError(PolyrelaxError, TypeError):
    """A float was given where an exact rational number is required."""


class ArgumentError(PolyrelaxError, TypeError):
    """An argument is of another kind than a function works with."""


class NotANumberError(PolyrelaxError, ValueError):
    """A text, NaN or infinity was given where a rational number is required."""


class DimensionError(PolyrelaxError, ValueError):
    """Two objects live in spaces of different dimension."""


class UnboundedError(PolyrelaxError, ValueError):
    """A polyhedron that must be a polytope has a ray or a line."""


class EmptySetError(PolyrelaxError, ValueError):
    """A question was asked that the empty set has no answer to."""


class ShapeError(PolyrelaxError, ValueError):
    """Data lack a shape, such as convexity, that a construction rests on."""


class GroupingError(PolyrelaxError, ValueError):
    """Groups or phases of neurons, or windows of layers, do not fit the network."""


class LayerIndexError(PolyrelaxError, IndexError):
    """A layer, or a network of a space, was asked for by a number that none has."""


class PrecisionError(PolyrelaxError, ValueError):
    """Bounds were to be rounded to a number of bits that makes no sense."""


class TooLargeError(PolyrelaxError, ValueError):
    """An exact method was asked for a size that it cannot finish."""


class FalseBoundError(PolyrelaxError, ValueError):
    """A bound was to be proved that the network violates."""


class FormatError(PolyrelaxError, ValueError):
    """A file or text does not follow the format that it claims."""


class NamedFileError(FormatError):
    """A file does not follow its format, and the message begins with the name of the file."""


class UnsupportedOperatorError(PolyrelaxError, ValueError):
    """A network file holds an operator that has no exact meaning here."""


class UnsupportedNeuronError(PolyrelaxError, ValueError):
    """A network has neurons of a kind that a method does not know."""


class UnknownNameError(PolyrelaxError, LookupError):
    """A relaxation, claim or engine was named that does not exist."""


class PictureError(PolyrelaxError, ValueError):
    """A picture was asked for that no axes can show."""


class UsageError(PolyrelaxError, ValueError):
    """Arguments of the command line are missing or contradict each other."""
