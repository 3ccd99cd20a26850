"""What every test starts from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.once import once_a_run

# Compiled linkage kernels, which the workers share: their files are never half written.
os.environ["WODA_CACHE"] = str(Path(__file__).parents[1] / ".cache" / "kernels")

# A worker of pytest-xdist says that it is 80 columns wide, which a console would keep to for good.
os.environ.pop("COLUMNS", None)


@pytest.fixture(scope="session")
def quick_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the quick county and its truth, made once for all workers."""

    def make(folder: Path) -> None:
        from woda_lib.synthetic import make_extracts

        make_extracts(folder / "extracts" / "quick", folder / "truth", profile="quick")

    return once_a_run(tmp_path_factory, "quick", make)
