"""What the attempts start from."""

import pytest

from tests.adversary.desk import Step


@pytest.fixture
def step(tmp_path):
    return Step(tmp_path)
