"""The layer of the digits, and what it computes."""

import pytest

from mlc_ref.introduction import reference
from mlc_ref.introduction.digits import digits_layer


@pytest.fixture(scope="module")
def layer():
    return digits_layer()


@pytest.fixture(scope="module")
def oracle(layer):
    return reference.linear_relu(layer.x, layer.w, layer.b)
