"""One-line addresses, as different people write the same one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.draws import weighted

_ABBREVIATED = 0.22
ABBREVIATIONS = {
    "Road": "Rd", "Street": "St", "Lane": "Ln", "Close": "Cl", "Avenue": "Ave", "Drive": "Dr",
    "Crescent": "Cres", "Gardens": "Gdns", "Court": "Ct", "Grove": "Gr", "Place": "Pl",
}  # fmt: skip
_WITHOUT_TOWN = 0.15
FLAT_STYLES = (0.42, 0.20, 0.14, 0.12, 0.12)
LETTERS = np.array(list("-ABCDEFGHIJKLMNOPQRSTUVWXYZ"), dtype=object)


def address_lines(homes: pd.DataFrame, rng: Generator) -> np.ndarray:
    """Write the address of each dwelling on one line, without its postcode.

    A flat is written in one of five ways: *Flat 3, 12 Mill Lane*; *3/12 Mill Lane*; *12 Mill Lane,
    Flat 3*; *Apartment 3, 12 Mill Lane*; *12C Mill Lane*.

    Parameters
    ----------
    homes
        Rows of `woda_lib.synthetic.addresses.make_dwellings`, one for each address wanted.

    Returns
    -------
    numpy.ndarray
        Object array of strings, as long as `homes`.
    """
    n = len(homes)
    number = homes["number"].astype(str).to_numpy(dtype=object)
    flat = homes["flat"].to_numpy()
    flat_text = homes["flat"].astype(str).to_numpy(dtype=object)
    house_name = homes["house_name"].to_numpy(dtype=object)
    street = _streets(homes["street"], rng)

    numbered = number + " " + street
    letter = LETTERS[np.minimum(flat, 26)]
    styles = [
        "Flat " + flat_text + ", " + numbered,
        flat_text + "/" + numbered,
        numbered + ", Flat " + flat_text,
        "Apartment " + flat_text + ", " + numbered,
        number + letter + " " + street,
    ]
    line = np.where(house_name != "", house_name + ", " + street, numbered)
    line = np.where(flat > 0, np.choose(weighted(rng, n, FLAT_STYLES), styles), line)
    town = ", " + homes["town"].to_numpy(dtype=object)
    return np.where(rng.random(n) < _WITHOUT_TOWN, line, line + town)


def _streets(streets: pd.Series, rng: Generator) -> np.ndarray:
    """Street names, some with their last word abbreviated."""
    parts = streets.str.rsplit(" ", n=1)
    last = parts.str[1]
    short = parts.str[0] + " " + last.map(ABBREVIATIONS).fillna(last)
    return np.where(rng.random(len(streets)) < _ABBREVIATED, short, streets)
