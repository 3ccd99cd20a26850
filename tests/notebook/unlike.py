"""What a later run finds otherwise than the run did that kept something for it."""

from __future__ import annotations

import pytest

from tests.notebook.conftest import Desk


def other_extracts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    here = desk.root / "data" / "extracts"
    (here / "demo").rename(here / "elsewhere")
    monkeypatch.setenv("WODA_EXTRACTS", str(here / "elsewhere"))


def other_pseudonyms(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "woda_lib.partners.keys.AgreementKey.pseudonyms", lambda key, version=None: b"o" * 32
    )


def other_key(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "woda_lib.partners.keys.AgreementKey.tables", lambda key, version: b"o" * 32
    )


def earlier_clock(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (desk.root / "data" / "extracts" / "demo").glob("*/*.csv"):
        path.rename(path.with_name(path.name.replace("2022-01", "2021-12")))
