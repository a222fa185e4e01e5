"""Fitted models of scikit-learn are read as the networks that they are."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from polyrelax.arithmetic.rational import from_floats
from polyrelax.errors import ArgumentError, UnsupportedOperatorError
from polyrelax.interop.scikit_learn import from_sklearn

pytest.importorskip("sklearn", reason="needs scikit-learn")

from sklearn.linear_model import LinearRegression, LogisticRegression, PoissonRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor

X, Y = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]]), np.array([0, 1, 2])
HIDDEN = [np.array([[1.0, -2.0, 0.5], [3.0, 1.0, -1.0]]), np.array([0.0, 1.0, -0.25])]


def perceptron(
    kind: type[MLPRegressor], outputs: int, activation: str = "relu"
) -> MLPRegressor:
    """A model of 2-3-k neurons, with parameters that doubles multiply exactly."""
    model = kind((3,), activation=activation)
    model.coefs_ = [HIDDEN[0], np.arange(3.0 * outputs).reshape(3, outputs) - 2]
    model.intercepts_ = [HIDDEN[1], np.arange(outputs) * 0.5]
    model.out_activation_ = "identity" if kind is MLPRegressor else "softmax"
    model.n_layers_, model.n_outputs_ = 3, outputs
    return model


@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize("activation", ["relu", "identity"])
def test_a_regressor_has_the_values_that_it_predicts(outputs: int, activation: str) -> None:
    model = perceptron(MLPRegressor, outputs, activation)
    network = from_sklearn(model)
    for x in X:
        expected = model._forward_pass_fast(x[None], check_input=False)
        assert network(from_floats(x)) == from_floats(expected.ravel())


def test_a_classifier_is_read_up_to_its_scores() -> None:
    # At (1, 0) the hidden values are 1, 0, 1/4; rows of the last weights -2 -1 0, 1 2 3, 4 5 6.
    network = from_sklearn(perceptron(MLPClassifier, 3))
    assert network([1, 0]) == (-1, Fraction(3, 4), Fraction(5, 2))


def test_a_linear_regression_is_one_affine_map() -> None:
    model = LinearRegression()
    model.coef_, model.intercept_ = np.array([2.0, 0.5]), 1.0
    assert from_sklearn(model)([1, 2]) == (4,)


def test_a_linear_classifier_has_the_scores_of_its_decision_function() -> None:
    model = LogisticRegression()
    model.coef_, model.intercept_ = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([0.5, 0.0])
    assert from_sklearn(model)([1, 2]) == from_floats(
        np.ravel(np.array([[1.0, 2.0]]) @ model.coef_.T + model.intercept_)
    )


def test_integers_beyond_doubles_are_not_rounded() -> None:
    model = LinearRegression()
    model.coef_, model.intercept_ = np.array([2**53 + 1]), 0.5
    assert from_sklearn(model)([1]) == (2**53 + Fraction(3, 2),)


def test_sparse_coefficients_are_the_same_numbers() -> None:
    model = LogisticRegression().fit(X, Y)
    dense = from_sklearn(model)
    assert from_sklearn(model.sparsify()) == dense


@pytest.mark.parametrize("wrong", [None, 3, "model.pkl", LinearRegression, X])
def test_what_is_no_model_is_refused(wrong: object) -> None:
    with pytest.raises(ArgumentError, match="expected a model of scikit-learn"):
        from_sklearn(wrong)


def test_what_has_no_exact_meaning_is_refused_by_name() -> None:
    refused = {
        "found the model PoissonRegressor, expected one of MLPClassifier": PoissonRegressor(),
        "found the MLPRegressor with activation 'tanh'": perceptron(MLPRegressor, 1, "tanh"),
    }
    for message, model in refused.items():
        with pytest.raises(UnsupportedOperatorError, match=message):
            from_sklearn(model)
    with pytest.raises(ArgumentError, match="found a MLPRegressor that is not fitted"):
        from_sklearn(MLPRegressor())
