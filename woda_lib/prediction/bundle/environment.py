"""The packages that a model was made with, and whether those at hand give the same risks."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version

from woda_lib.prediction.errors import PredictionError

SCORING = ("lightgbm", "numpy", "pandas", "scikit-learn")
"""The packages that take part when a household is scored."""

_TREES = "lightgbm"


def environment() -> dict[str, str]:
    """Return the versions of Python, of this library and of the packages that score."""
    packages = {name: version(name) for name in SCORING}
    return {
        "python": platform.python_version(),
        "woda-workbench": version("woda-workbench"),
        **packages,
    }


def require_fit(made_with: Mapping[str, str], where: str) -> tuple[str, ...]:
    """Refuse packages with which a model might score otherwise; say what else is different.

    Parameters
    ----------
    made_with : mapping of str to str
        The versions that it was made with.
    where : str
        How an error names the bundle.

    Returns
    -------
    tuple of str
        Sentences, one a package whose version is another; none where all are the same.

    Raises
    ------
    PredictionError
        If LightGBM is of another major version, or the bundle does not say of which.
    """
    here = environment()
    if lacking := [name for name in here if not made_with.get(name)]:
        raise PredictionError(
            f"{where} does not say with which version of {lacking[0]} it was made. Take the bundle "
            "anew from the run that made it."
        )
    trees, ours = made_with[_TREES], here[_TREES]
    if _major(trees) != _major(ours):
        raise PredictionError(
            f"{where} was made with LightGBM {trees}, and here is {ours}. Trees of one major "
            "version need not mean the same in another. Install the version that made it (the "
            "lock of its run names it), or train the model anew."
        )
    return tuple(
        f"The model was made with {name} {made_with[name]}, and is used with {there}."
        for name, there in here.items()
        if name != "woda-workbench" and made_with[name] != there
    )


def _major(named: str) -> str:
    return named.partition(".")[0]
