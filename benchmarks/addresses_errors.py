"""Addresses with the errors of six councils' registers, made by the package address-errors.

    python -m benchmarks.addresses_errors FOLDER SET…

Runs in the peer's environment, which has the package; needs nothing else than Python itself. Reads
``FOLDER/components.csv`` and writes ``FOLDER/<set>.csv`` for each set: the address and postcode as
recorded, the property that was meant, and whether what is left says another property's address.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

# Name of a set: house style, seed, and multiple of the rate of errors. Two sets are for finding
# faults in the matcher; figures are told of the others, whose styles and seeds it never saw.
SETS: dict[str, tuple[str | None, int, float]] = {
    "tuning": ("leeds", 1, 3.0),
    "tuning_postcodes": (None, 2, 3.0),
    "pooled": (None, 20_261, 1.0),
    "pooled_three_times": (None, 20_262, 3.0),
    "wigan": ("wigan", 20_263, 1.0),
    "derby": ("derby", 20_264, 1.0),
    "cornwall": ("cornwall", 20_265, 1.0),
}
TUNING = ("tuning", "tuning_postcodes")


def main(folder: Path, names: list[str]) -> None:
    """Write the sets."""
    from address_errors import Controls, Corruptor, Profile, load_components

    records = load_components(str(folder / "components.csv"))
    homes = [row["uprn"] for row in records if row["classificationcode"].startswith("R")]
    profile = Profile.load()
    for name in names:
        style, seed, prevalence = SETS[name]
        made = Corruptor(profile, style=style, seed=seed, controls=Controls(prevalence=prevalence))
        made.index(records)
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            sheet = csv.writer(file)
            sheet.writerow(["id", "address", "postcode", "true", "touched", "ambiguous"])
            for number, row in enumerate(made.generate(homes)):
                touched = bool(row["applied_rules"] or row["postcode_edit"] or row["noise_ops"])
                other = "other" in (row["collision"] or "")
                cells = [row["recorded_address"], row["recorded_postcode"], row["source_uprn"]]
                sheet.writerow([number, *cells, int(touched), int(other)])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
