"""Machine code that is kept on disk: what it is named by, and how processes share it.

Code that was compiled from other source, or for arguments of other types, reads memory that is not
its own. numba's cache guards against the first by the date of one file, though a kernel is made of
several, and leaves a moment in which one process can find another's code under its own key. Here
code is named by all that it was made from, and no file is mentioned before it is whole.

What a function calls within numba, such as the sorting of an array, is compiled with it and bears a
name of its own in the machine code. numba makes names different by counting them, in each process
from 1, so that two functions which two processes compiled can hold different code under one name.
A process that loads both runs one of the two for both, and `numpy.sort` returns places instead of
values without a word. So here every process counts from a number drawn at random, of which there
are 2⁴⁸.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
from numba import njit
from numba.core.bytecode import FunctionIdentity
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile
from numba.core.runtime.nrt import _nrt, ll

_njit: Any = njit  # whose published signature lacks `_nrt`

_KEPT_AS = "names counted from a random number, environments of constants alone"
"""Code that was kept otherwise is not loaded beside it."""


def _count_from_elsewhere() -> None:
    FunctionIdentity._unique_ids = itertools.count(secrets.randbits(48))


_count_from_elsewhere()
if hasattr(os, "register_at_fork"):  # a fork would count on as the process that it left does
    os.register_at_fork(after_in_child=_count_from_elsewhere)


def borrowing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that only reads and fills the arrays that it is given.

    numba counts who holds an array, and counts anew wherever one is taken out of a tuple. In a loop
    over pairs that is some twenty counts a pair, which take longer than to compare it, and two
    threads wait for each other's. Code that can neither make nor return an array can be compiled
    without (`_nrt=False`). What it calls is compiled so too, unless that is `owning`.
    """
    return _njit(nogil=True, _nrt=False)(function)


def owning(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that makes arrays for itself, and that `borrowing` ones call."""
    return _njit(nogil=True, _nrt=True)(function)


def kept(
    function: Callable[..., Any], *, of: tuple[str, ...] = (), borrows: bool = False
) -> Callable[..., Any]:
    """Compile with numba, and keep the code beside the module or in the user's cache.

    An installation that nobody may write to, run by a user without a home, keeps nothing and
    compiles in each session. `of` names what else the code was made from; see `kept_with`. One
    that `borrows` is compiled as `borrowing` does.
    """
    compiled: Any = borrowing(function) if borrows else njit(nogil=True)(function)
    compiled._compilation_chain_init_hook = _no_extensions
    with suppress(RuntimeError):  # numba found no folder to keep code in
        compiled._cache = KeptCode(function, of)
    return compiled


def _no_extensions() -> None:
    """Look for no extensions of numba among all that is installed: arrays need none.

    Where code has to be compiled after all, numba's compiler looks for them itself.
    """


def kept_with(*modules: ModuleType) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return `kept` for a function that calls functions, or takes numbers, of other modules."""
    return partial(kept, of=tuple(fingerprint(module) for module in modules))


def fingerprint(module: ModuleType) -> str:
    """Return a hash of the functions and numbers of a module as they were imported.

    The file may have been edited since. A hash of its text would then name the code that runs
    here by source that does not.
    """
    digest = hashlib.sha256()
    for name, found in sorted(vars(module).items()):
        value = getattr(found, "py_func", found)
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            digest.update("\n".join([name, *_written(value.__code__)]).encode())
        elif isinstance(value, (bool, int, float, np.generic)):
            digest.update(f"{name} = {value!r}\n".encode())
    return digest.hexdigest()[:16]


def _written(code: CodeType) -> Iterator[str]:
    yield code.co_code.hex()
    yield repr((code.co_names, code.co_varnames, code.co_freevars))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _written(constant)
        else:
            yield repr(constant)


class CodeAlone(CompileResultCacheImpl):
    """What is kept of one function: its code, and no module that compiled code never asks.

    With the code numba keeps an environment for each function that was compiled into it: the module
    that it is of, and the constants that it holds as Python's objects. Whoever loads the code
    imports these modules: for one ``numpy.empty`` all that numba knows of arrays, and with them of
    texts, which takes longer than to load all other code of a linkage. Compiled code reads nothing
    of an environment but its constants, and hardly any function has one.
    """

    def reduce(self, compiled: Any) -> tuple[Any, ...]:
        """Return what is written, whose last part is the environments."""
        *code, environments = super().reduce(compiled)
        return *code, tuple(each for each in environments if each.consts)


class KeptCode(FunctionCache):
    """numba's cache of one function, whose code is loaded without the compiler.

    numba brings its compiler up to date before it so much as looks for code on disk: it imports
    scipy's linear algebra and a parser of C, and enters what it knows of some thousand functions.
    That takes longer than to link ten thousand records, and code on disk needs nothing of it but
    the addresses of what the runtime has in C: how arrays are counted is compiled into the code.
    Where no code is found, numba's compiler does the same again for itself.
    """

    _impl_class = CodeAlone

    def __init__(self, function: Callable[..., Any], of: tuple[str, ...]) -> None:
        super().__init__(function)
        stamp = self._impl.locator.get_source_stamp()
        self._cache_file = SharedFiles(
            self.cache_path, self._impl.filename_base, (stamp, _KEPT_AS, *of)
        )

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the code for argument types, or None where none is kept."""
        _tell_addresses()
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


@cache
def _tell_addresses() -> None:
    """Tell whoever loads code where the functions of numba's runtime are, by their names in it."""
    for name, address in _nrt.c_helpers.items():
        ll.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)


class SharedFiles(IndexDataCacheFile):
    """numba's files of one function, safe where several processes write them at once.

    numba numbers the files of a function and names them in the index before it writes them. Two
    processes that compile for different types then take one number, and whoever is killed in
    between leaves an index that points to older code. Here each file has a name of its own, and the
    index follows it. When two processes write the index at once, the code of one is forgotten and
    compiled again.
    """

    def save(self, key: Any, data: Any) -> None:
        """Keep the code `data` for the key: argument types, processor and bytecode."""
        name = self._data_name(_number((self._source_stamp, key)))
        self._save_data(name, data)
        self._save_index(self._load_index() | {key: name})


def _number(key: Any) -> int:
    return int.from_bytes(hashlib.sha256(repr(key).encode()).digest()[:8], "big")
