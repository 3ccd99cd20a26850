"""What a script that links has to wait for: what linking needs, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import woda_lib.linkage
from tests.linkage.people import specification, table
from woda_lib.linkage import link

# Each takes from twenty milliseconds to two seconds to start.
SLOW = {
    "matplotlib",
    "numba.np.arrayobj",
    "pydantic_settings",
    "recordlinkage",
    "rich",
    "scipy.linalg",
    "scipy.special",
    "woda_lib.records",
}
SCRIPT = """
import sys
from tests.linkage.test_imports import link_two_people
link_two_people()
print(*sys.modules)
"""


def link_two_people() -> None:
    people = table(
        """
        id forename surname born       postcode
        1  Ann      Lee     1931-09-20 WR1_2AB
        2  Ann      Lee     1931-09-20 WR1_2AB
        """
    )
    link({"a": people}, specification(sources=[{"name": "a", "id": "id"}]))


def test_a_script_that_links_imports_nothing_slow_that_it_does_not_need() -> None:
    link_two_people()  # compiles, if need be
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True, check=True
    )
    assert set(done.stdout.split()) & SLOW == set()


def test_every_public_name_is_what_it_says_and_not_the_module_of_that_name() -> None:
    for name in woda_lib.linkage.__all__:
        assert not isinstance(getattr(woda_lib.linkage, name), ModuleType)
