"""What every test starts from."""

import os
from pathlib import Path

# Compiled linkage kernels: a folder a worker, so that two never write one file at once.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
os.environ["WODA_CACHE"] = str(Path(__file__).parents[1] / ".cache" / "kernels" / WORKER)

# A worker of pytest-xdist says that it is 80 columns wide, which a console would keep to for good.
os.environ.pop("COLUMNS", None)
