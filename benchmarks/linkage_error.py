"""Does an interval hold the truth where links are wrong? With linkage error in it, and without.

::

    python -m benchmarks.linkage_error            400 histories a row
    python -m benchmarks.linkage_error --histories 2000

Prints the table of docs/linkage_error.md. Each history has 4,000 referrals in two places, before
and after a change that takes 2.7 days off in one of them, of which a share is linked to the stay of
a stranger (`wrong_links`). The linkage knows its match probabilities.
"""

from __future__ import annotations

import argparse

import numpy as np

from benchmarks.wrong_links import EFFECT, LINK, difference, history
from woda_lib.evaluation import over_linkages
from woda_lib.evaluation.rubin import Estimate

SHARES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2)


def row(share: float, histories: int) -> str:
    """Return a line of the table."""
    found: dict[str, list[Estimate]] = {"linked": [], "pooled": [], "corrected": []}
    brought = []
    for seed in range(histories):
        linked, draws = history(share, seed=seed)
        result = over_linkages(difference, draws, linked=linked, key=["referral"], link=LINK)
        found["linked"].append(result.as_linked)
        found["pooled"].append(result.pooled)
        found["corrected"].append(result.corrected or result.as_linked)
        brought.append(result.linkage_share)
    cells = [f"{100 * share:g}%", f"{100 * np.mean(brought):.1f}%"]
    for estimates in found.values():
        limits = np.array([each.limits(0.95) for each in estimates])
        held = np.mean((limits[:, 0] <= EFFECT) & (limits[:, 1] >= EFFECT))
        bias = np.mean([each.value for each in estimates]) - EFFECT
        width = np.mean(limits[:, 1] - limits[:, 0])
        cells.append(f"{100 * held:.1f} ({bias:+.2f}; {width:.2f})".replace("-", "−"))
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--histories", type=int, default=400)
    histories = parser.parse_args().histories
    print("| wrong links | of the variance | links as they are | draws, pooled | corrected |")
    print("|--:|--:|--:|--:|--:|")
    for share in SHARES:
        print(row(share, histories), flush=True)


if __name__ == "__main__":
    main()
