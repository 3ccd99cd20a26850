"""A small town of businesses for tests: a background of ordinary firms, and whoever is planted."""

from __future__ import annotations

from itertools import count

import numpy as np
import pandas as pd

_FIRST = "Bredon Malvern Severn Teme Avon Orchard Abbey Foundry Kiln Heron Falcon Otter".split()
_SECOND = "Oak Elm Ash Willow Amber Coral Jade Pearl Iron Copper Silver Golden".split()
_TRADE = "Bakery Plumbing Foods Engineering Garage Joinery Cafe Kitchens Logistics Salon".split()
_STREETS = "Mill Lane|High Street|Church Road|Bridge Street|Station Road|Castle Street".split("|")
_PER_STREET = 40


class Town:
    """Rows of the four registers as they are loaded, and the premises that they are at."""

    def __init__(self, firms: int = 240, seed: int = 7) -> None:
        self._number = count(1_000_001)
        self._rows: dict[str, list[dict]] = {name: [] for name in _COLUMNS}
        self.premises = _premises()
        rng = np.random.default_rng(seed)
        parts = [[a, b, c] for a in _FIRST for b in _SECOND for c in _TRADE]
        chosen = rng.choice(len(parts), firms, replace=False)
        for place, name in enumerate(" ".join(parts[at]) for at in chosen):
            number = self.company(f"{name} LTD".upper(), at=place)
            if rng.random() < 0.7:
                self.account(f"{name} Limited", at=place)
            if rng.random() < 0.3:
                self.kitchen(name, at=place)
            if rng.random() < 0.3:
                told = number if rng.random() < 0.7 else None
                self.firm(f"{name} Ltd", at=place, number=told)

    def company(self, name: str, *, at: int, previous: str | None = None, **more: object) -> str:
        """Add a company; return its number."""
        number = f"{next(self._number):08d}"
        line, postcode = self.address(at)
        row = dict.fromkeys(_COLUMNS["companies"])
        row |= {"company_name": name, "company_number": number, "previous_name_1": previous}
        row |= {"address_line_1": line, "post_town": "MALVERN", "postcode": postcode}
        row |= {"category": "Private Limited Company", "status": "Active"}
        row |= {"incorporated_on": "2010-01-01", "sic_1": "47190 - Other retail sale"}
        row |= {"delivered_on": "2024-03-31", "last_delivered_on": "2025-03-31"}
        self._rows["companies"].append(row | more)
        return number

    def account(self, ratepayer: str, *, at: int, trading_as: str | None = None, **more) -> str:
        """Add a rates account; return its number."""
        number = f"R{next(self._number)}"
        line, postcode = self.address(at)
        row = dict.fromkeys(_COLUMNS["business_rates"])
        row |= {"rates_account": number, "ratepayer": ratepayer, "trading_as": trading_as}
        row |= {"address": f"{line}, Malvern", "postcode": postcode, "rateable_value": 9_000}
        row |= {"property_description": "SHOP AND PREMISES", "started_on": "2012-04-01"}
        self._rows["business_rates"].append(row | more)
        return number

    def kitchen(self, name: str, *, at: int, rated_on: str = "2024-06-01") -> str:
        """Add an inspected establishment; return its number."""
        number = f"F{next(self._number)}"
        line, postcode = self.address(at)
        row = dict.fromkeys(_COLUMNS["food_hygiene"])
        row |= {"fhrs_id": number, "business_name": name, "rated_on": rated_on}
        row |= {"business_type": "Retailers - other", "delivered_on": "2024-07-01"}
        row |= {"address_line_1": line, "address_line_2": "Malvern", "postcode": postcode}
        self._rows["food_hygiene"].append(row)
        return number

    def firm(self, name: str, *, at: int, number: str | None = None, years=(2023, 2024)) -> str:
        """Add a firm's rows of the workforce data; return the number of the newest."""
        line, postcode = self.address(at)
        for year in years:
            row = dict.fromkeys(_COLUMNS["workforce"])
            row |= {"workforce_row_id": f"W{next(self._number)}", "business_name": name}
            row |= {"company_number": number, "address": f"{line}, Malvern"}
            row |= {"postcode": postcode, "year": year, "employees": 10 + year - 2020}
            self._rows["workforce"].append(row)
        return str(row["workforce_row_id"])

    def address(self, at: int) -> tuple[str, str]:
        """Return the line and postcode of a property by its place in the premises."""
        of = self.premises.iloc[at]
        return f"{of['building']} {of['street']}", str(of["postcode"])

    def loaded(self) -> dict[str, pd.DataFrame]:
        """Return the datasets as a run loads them."""
        frames = {
            name: pd.DataFrame(rows, columns=_COLUMNS[name]) for name, rows in self._rows.items()
        }
        for frame in frames.values():
            for name in frame.columns:
                if name.endswith("_on"):
                    frame[name] = pd.to_datetime(frame[name]).astype("datetime64[ns]")
                elif name in ("year", "employees", "turnover", "rateable_value"):
                    frame[name] = frame[name].astype("Int64")
                else:
                    frame[name] = frame[name].astype("string")
        return frames | {"premises": self.premises, "gazetteer": self.premises.iloc[:0]}


_COLUMNS = {
    "companies": [
        "company_name", "company_number", "care_of", "po_box", "address_line_1", "address_line_2",
        "post_town", "postcode", "category", "status", "dissolved_on", "incorporated_on", "sic_1",
        *(f"previous_name_{i}" for i in range(1, 11)), "delivered_on", "last_delivered_on",
    ],
    "business_rates": [
        "rates_account", "uprn", "ratepayer", "trading_as", "address", "postcode",
        "property_description", "rateable_value", "started_on", "ended_on",
    ],
    "food_hygiene": [
        "fhrs_id", "business_name", "business_type",
        *(f"address_line_{i}" for i in range(1, 5)), "postcode", "rated_on", "delivered_on",
    ],
    "workforce": [
        "workforce_row_id", "business_name", "company_number", "address", "postcode", "year",
        "employees", "employees_band", "turnover", "turnover_band",
    ],
}  # fmt: skip


def _premises() -> pd.DataFrame:
    n = _PER_STREET * len(_STREETS) * 2
    place = np.arange(n)
    street = np.array(_STREETS)[place // _PER_STREET % len(_STREETS)]
    side = place // (_PER_STREET * len(_STREETS))
    sector = place // _PER_STREET
    return pd.DataFrame(
        {
            "uprn": (940_000_000_000 + place).astype(str),
            "parent_uprn": pd.Series(pd.NA, index=range(n), dtype="string"),
            "logical_status": "approved",
            "class_code": "CR08",
            "sub_building": None,
            "building": (place % _PER_STREET + 1 + 100 * side).astype(str),
            "street": street,
            "locality": None,
            "town": "Malvern",
            "postcode": [
                f"WR{s % 9 + 1} {s // 9 + 1}A{'BDEFG'[p % 5]}"
                for p, s in zip(place, sector, strict=True)
            ],
            "easting": 378_000 + 10 * (place % _PER_STREET),
            "northing": 246_000 + 100 * sector,
            "district": "Malvern Hills",
            "deprivation_quintile": 3,
            "area": "X0000001",
            "started_on": pd.Timestamp("2000-01-01"),
        }
    )
