"""Fitted models of scikit-learn as networks, without rounding.

Multilayer perceptrons with rectifiers or no activation, and linear models; their numbers are
the exact rationals that their floats are.  A classifier is read up to its scores: of a linear
one the values of ``decision_function``, of a perceptron those before softmax or logistic
function.  Where there are two classes, the one score is that of the second class.

Models are known by their classes, so that nothing of scikit-learn is imported.
"""

from __future__ import annotations

from typing import Final, Protocol, cast, runtime_checkable

import numpy as np

from polyrelax.arithmetic.limbs import Doubles
from polyrelax.arithmetic.rational import shown
from polyrelax.errors import ArgumentError, UnsupportedOperatorError
from polyrelax.networks.arrays import affine_of
from polyrelax.networks.network import Network, rectified_between

PERCEPTRONS: Final = ("MLPClassifier", "MLPRegressor")
LINEAR: Final = (
    "LinearRegression", "Ridge", "Lasso", "ElasticNet", "HuberRegressor", "LinearSVR",
    "LogisticRegression", "RidgeClassifier", "Perceptron", "LinearSVC",
)  # fmt: skip
"""Models whose values, or scores, are affine."""
_OUTPUTS: Final = ("identity", "logistic", "softmax")


class _Perceptron(Protocol):
    coefs_: list[Doubles]
    intercepts_: list[Doubles]
    activation: str
    out_activation_: str


@runtime_checkable
class _Sparse(Protocol):
    def toarray(self) -> Doubles: ...


class _Linear(Protocol):
    coef_: Doubles | _Sparse
    intercept_: Doubles | float


def from_sklearn(model: object) -> Network:
    """Return the network of a fitted model, exactly; of a classifier, that of its scores.

    Raises :class:`UnsupportedOperatorError` for another model.

    >>> from sklearn.linear_model import LinearRegression
    >>> model = LinearRegression(fit_intercept=False).fit([[1.0], [2.0]], [2.0, 4.0])
    >>> from_sklearn(model).widths
    (1, 1)
    """
    name = type(model).__name__
    if not type(model).__module__.startswith("sklearn."):
        raise ArgumentError(f"found {shown(model)}, expected a model of scikit-learn")
    if name not in PERCEPTRONS + LINEAR:
        known = ", ".join(PERCEPTRONS + LINEAR)
        raise UnsupportedOperatorError(f"found the model {name}, expected one of {known}")
    if not hasattr(model, "coefs_" if name in PERCEPTRONS else "coef_"):
        raise ArgumentError(f"found a {name} that is not fitted, expected one that is")
    if name in PERCEPTRONS:
        return _perceptron(name, cast(_Perceptron, model))
    return _linear(cast(_Linear, model))


def _perceptron(name: str, model: _Perceptron) -> Network:
    if model.out_activation_ not in _OUTPUTS:
        raise UnsupportedOperatorError(
            f"found the {name} with {shown(model.out_activation_)} outputs, expected identity"
        )
    maps = [affine_of(c.T, i) for c, i in zip(model.coefs_, model.intercepts_, strict=True)]
    match model.activation:
        case "relu":
            return Network(rectified_between(maps))
        case "identity":
            return Network(tuple(maps))
        case other:
            raise UnsupportedOperatorError(
                f"found the {name} with activation {shown(other)}, expected relu or identity"
            )


def _linear(model: _Linear) -> Network:
    given = model.coef_
    dense = given.toarray() if isinstance(given, _Sparse) else given
    weight = np.atleast_2d(dense)
    bias = np.broadcast_to(np.asarray(model.intercept_), len(weight))
    return Network((affine_of(weight, bias),))
