"""How long the made-up county takes: each profile in a process of its own, files and truth written.

python benchmarks/county.py [quick demo county]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def measure(profile: str) -> None:
    """Make one county in this process, and print what it took."""
    from woda_lib.synthetic import PROFILES, make_extracts

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        made = make_extracts(Path(folder) / "extracts", Path(folder) / "truth", profile=profile)
        seconds = time.perf_counter() - began
        size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    residents = PROFILES[profile].residents
    print(f"| {profile} | {residents:,} | {seconds:.1f} | {peak:,.0f} | {size / 1e6:.0f} |")


def main(profiles: list[str]) -> None:
    """Print a Markdown table, a row a profile."""
    print("| profile | residents | seconds | peak MB | files, MB |\n|---|---|---|---|---|")
    for profile in profiles or ["quick", "demo", "county"]:
        subprocess.run([sys.executable, __file__, "--one", profile], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(sys.argv[2])
    else:
        main(sys.argv[1:])
