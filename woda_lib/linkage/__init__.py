"""Record linkage: which records, within and between sources, are about the same entity.

>>> spec = LinkageSpec.from_yaml("parameters/linkage/people.yaml")  # doctest: +SKIP
>>> result = link({"hospital": patients, "council": clients}, spec)  # doctest: +SKIP
"""

from woda_lib.linkage.errors import (
    BlockingError,
    LinkageError,
    LinkageWarning,
    SourceError,
    SpecificationError,
)
from woda_lib.linkage.fellegi_sunter import LinkageModel
from woda_lib.linkage.link import link
from woda_lib.linkage.result import LinkageResult
from woda_lib.linkage.spec import LinkageSpec

__all__ = [
    "BlockingError",
    "LinkageError",
    "LinkageModel",
    "LinkageResult",
    "LinkageSpec",
    "LinkageWarning",
    "SourceError",
    "SpecificationError",
    "link",
]
