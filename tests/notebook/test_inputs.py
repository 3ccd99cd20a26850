"""How records name the files that a step has read."""

from __future__ import annotations

from pathlib import Path

import pytest

from woda_lib.notebook.inputs import lasting
from woda_lib.settings import Settings


@pytest.mark.parametrize(
    ("folder", "named"),
    [
        ("tiny/.run.partial", "tiny/run"),
        ("tiny/sweeps/.sweep.partial/.run.partial", "tiny/sweeps/sweep/run"),
    ],
)
def test_a_hidden_folder_is_named_as_it_will_be_when_it_is_complete(
    tmp_path: Path, folder: str, named: str
):
    hidden = tmp_path / "outputs" / folder
    settings = Settings(root=tmp_path, outputs=None, data=None, step_folder=hidden, run_id="run")
    assert lasting(hidden / "restricted" / "t.parquet", settings) == (
        f"outputs/{named}/restricted/t.parquet"
    )
