"""Record linkage: which records, within and between sources, are about the same entity.

>>> spec = LinkageSpec.from_yaml("parameters/linkage/people.yaml")  # doctest: +SKIP
>>> result = link({"hospital": patients, "council": clients}, spec)  # doctest: +SKIP

What a linkage needs is imported here. All else is imported when it is first asked for, so that a
script which links and writes clusters need not wait for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from woda_lib.linkage.assign import assign
from woda_lib.linkage.errors import (
    BlockingError,
    DecisionError,
    LinkageError,
    LinkageWarning,
    ModelError,
    SourceError,
    SpecificationError,
    StoreError,
)
from woda_lib.linkage.fellegi_sunter import LinkageModel
from woda_lib.linkage.identities import IdentityStore
from woda_lib.linkage.link import link
from woda_lib.linkage.mistakes import mistakes
from woda_lib.linkage.result import LinkageResult
from woda_lib.linkage.spec import LinkageSpec

if TYPE_CHECKING:
    from woda_lib.linkage.advice import BlockingAdvice, blocking_advice
    from woda_lib.linkage.estimated import estimated_quality
    from woda_lib.linkage.explain import explain_pairs
    from woda_lib.linkage.from_store import cluster_missed, cluster_quality, clusters_of
    from woda_lib.linkage.incremental import OpenStore, Update, update
    from woda_lib.linkage.kappa import Agreement, cohen_kappa
    from woda_lib.linkage.review import (
        compare_reviews,
        read_review,
        record_decisions,
        review_pairs,
        write_review,
    )
    from woda_lib.linkage.splink_engine import splink_linker
    from woda_lib.linkage.waterfall_figure import waterfall

# A name that its module shares (`link`, `assign`, `mistakes`) cannot wait: importing the module
# elsewhere would put the module in its place.
_LATER = {
    "advice": ("BlockingAdvice", "blocking_advice"),
    "estimated": ("estimated_quality",),
    "explain": ("explain_pairs",),
    "from_store": ("cluster_missed", "cluster_quality", "clusters_of"),
    "incremental": ("OpenStore", "Update", "update"),
    "kappa": ("Agreement", "cohen_kappa"),
    "review": (
        "compare_reviews",
        "read_review",
        "record_decisions",
        "review_pairs",
        "write_review",
    ),
    "splink_engine": ("splink_linker",),
    "waterfall_figure": ("waterfall",),
}

__all__ = [
    "Agreement",
    "BlockingAdvice",
    "BlockingError",
    "DecisionError",
    "IdentityStore",
    "LinkageError",
    "LinkageModel",
    "LinkageResult",
    "LinkageSpec",
    "LinkageWarning",
    "ModelError",
    "OpenStore",
    "SourceError",
    "SpecificationError",
    "StoreError",
    "Update",
    "assign",
    "blocking_advice",
    "cluster_missed",
    "cluster_quality",
    "clusters_of",
    "cohen_kappa",
    "compare_reviews",
    "estimated_quality",
    "explain_pairs",
    "link",
    "mistakes",
    "read_review",
    "record_decisions",
    "review_pairs",
    "splink_linker",
    "update",
    "waterfall",
    "write_review",
]


def __getattr__(name: str) -> Any:
    for module, names in _LATER.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
