"""Engine `fast`: encode, bring blocks together, compare with a compiled kernel, score by look-up.

Records become rows of numbers (`encode`), rules become slots from which pairs follow (`block`),
the specification becomes machine code (`generate`, `kernels`, `loops`), and every pair becomes a
code (`scan`). Their counts are all that EM needs; the pairs themselves are kept where there is some
chance that they match.
"""

from woda_lib.linkage.fast.block import Blocking, Slots, block
from woda_lib.linkage.fast.comparer import FastComparer
from woda_lib.linkage.fast.encode import Encoded, encode
from woda_lib.linkage.fast.generate import Kernel, kernel_for, source_of
from woda_lib.linkage.fast.scan import Tape

__all__ = [
    "Blocking",
    "Encoded",
    "FastComparer",
    "Kernel",
    "Slots",
    "Tape",
    "block",
    "encode",
    "kernel_for",
    "source_of",
]
