"""Which modules of `woda_lib` a notebook's imports reach, told from their text alone.

An import counts wherever it stands: at the top, in a function that may never be called, or in a
package's `__getattr__`. Where a module is imported by a name that is put together at run time, all
that it could be counts. So a module may be counted that is never used, and none is missed. Only
what stands under ``if TYPE_CHECKING`` is passed over: it is never imported.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from woda_lib import __name__ as _NAME
from woda_lib.workbench.planning.hashing import Remembered

FOLDER = Path(__file__).parents[2]
"""Where `woda_lib` lies."""

_ANYTHING = "**"
_IMPORTERS = {"import_module", "__import__"}


@dataclass
class Library:
    """The modules of `woda_lib`: their files, hashes, and who imports whom.

    Attributes
    ----------
    remembered : Remembered
    folder : Path
        The package's folder.
    """

    remembered: Remembered
    folder: Path = field(default_factory=lambda: FOLDER)
    _imported: dict[tuple[str, bool], set[str]] = field(default_factory=dict)

    @cached_property
    def files(self) -> dict[str, Path]:
        """The file of each module by its dotted name."""
        found = {}
        for parts in self._lying:
            if parts[-1].endswith(".py"):
                name = ".".join([_NAME, *parts]).removesuffix(".py")
                found[name.removesuffix(".__init__")] = self.folder.joinpath(*parts)
        return found

    def hashes(self, modules: Iterable[str]) -> dict[str, str]:
        """Return the SHA-256 of some modules, and of the other files of their packages.

        A package's templates and tables are as much part of it as its modules.
        """
        paths = {self.files[name] for name in modules}
        packages = {path.parent for path in paths}
        paths |= {path for package in packages for path in self._others.get(package, ())}
        return {
            path.relative_to(self.folder.parent).as_posix(): self.remembered.sha256(path)
            for path in sorted(paths)
        }

    def reached(self, names: Iterable[str], *, packages: bool = True) -> set[str]:
        """Return every module that some imports reach, however far.

        Parameters
        ----------
        names : iterable of str
            As `imports_of` gives them.
        packages : bool
            Whether the packages above a module count, as Python executes them.
        """
        waiting = self._modules(names, packages)
        found: set[str] = set()
        while waiting:
            module = waiting.pop()
            if module not in found:
                found.add(module)
                waiting |= self._imports(module, packages) - found
        return found

    @cached_property
    def _others(self) -> dict[Path, list[Path]]:
        """Files that are no modules, by the folder of the package in which they lie."""
        found: dict[Path, list[Path]] = {}
        packages = {parts[:-1] for parts in self._lying if parts[-1] == "__init__.py"}
        for parts in self._lying:
            path = self.folder.joinpath(*parts)
            if path.suffix not in {".py", ".pyc"} and path.is_file():
                above = (parts[:end] for end in range(len(parts) - 1, -1, -1))
                package = next(each for each in above if each in packages)
                found.setdefault(self.folder.joinpath(*package), []).append(path)
        return found

    @cached_property
    def _lying(self) -> list[tuple[str, ...]]:
        """Every file of the library, as the names of folders and its own, in their order."""
        found = []
        for folder, folders, files in os.walk(self.folder):
            # It holds what Python and numba compiled from the modules, as they first ran.
            folders[:] = [name for name in folders if name != "__pycache__"]
            within = Path(folder).relative_to(self.folder).parts
            found += [(*within, name) for name in files]
        return sorted(found)

    def _imports(self, module: str, packages: bool) -> set[str]:
        if (module, packages) not in self._imported:
            self._imported[module, packages] = self._modules(self._names(module), packages)
        return self._imported[module, packages]

    def _names(self, module: str) -> list[str]:
        path = self.files[module]
        key = f"imports of {module} {self.remembered.sha256(path)}"
        names = self.remembered.note(key)
        if names is None:
            source = path.read_text(encoding="utf-8")
            package = module if path.name == "__init__.py" else module.rpartition(".")[0]
            names = list(_all_imports_of(source, package))
            self.remembered.keep(key, names)
        return names

    def _modules(self, names: Iterable[str], packages: bool) -> set[str]:
        """Return the modules that names stand for: ``a.b``, ``a.b:name``, ``a.b:*`` or ``a.**``."""
        found: set[str] = set()
        for name in names:
            if name.endswith(_ANYTHING):
                within = name.removesuffix(_ANYTHING)
                found |= {module for module in self.files if f"{module}.".startswith(within)}
                continue
            module, _, part = name.partition(":")
            if part == "*":
                found |= {each for each in self.files if each.rpartition(".")[0] == module}
            found |= _may_stand_for(module, part, packages)
        return found & self.files.keys()


@lru_cache(maxsize=20_000)
def _may_stand_for(module: str, part: str, packages: bool) -> frozenset[str]:
    """The modules that an import executes if they are there."""
    names = {module, f"{module}.{part}"}
    if packages:
        parts = module.split(".")
        names |= {".".join(parts[:end]) for end in range(1, len(parts))}
    return frozenset(names)


def imports_of(source: str, *, package: str = "") -> Iterator[str]:
    """Yield what a module's or a cell's text imports, wherever in it.

    ``a.b`` stands for a module, ``a.b:name`` for a name that may be a module in it, and ``a.**``
    for whatever lies in ``a``, where the name is put together at run time.

    Parameters
    ----------
    source : str
    package : str
        The package in which the text stands, for imports that begin with a dot.

    Raises
    ------
    SyntaxError
        If it is not Python.
    """
    for node in _executed(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = _base(module, level, package)
                yield from (f"{base}:{alias.name}" for alias in names)
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), args=[*given]):
                if called in _IMPORTERS:
                    yield _named(given, package)


@lru_cache(maxsize=2_000)
def _all_imports_of(source: str, package: str) -> tuple[str, ...]:
    """What a text imports, once each: told once a process, whatever workbench asks."""
    return tuple(sorted(set(imports_of(source, package=package))))


def _executed(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree, past what is for type checkers alone."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and _for_type_checkers(child.test):
            for other in child.orelse:
                yield from _executed(other)
        else:
            yield from _executed(child)


def _for_type_checkers(test: ast.expr) -> bool:
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
    return False


def _base(module: str | None, level: int, package: str) -> str:
    if not level:
        return module or ""
    parts = package.split(".")
    above = parts[: len(parts) - level + 1]
    return ".".join([*above, *([module] if module else [])])


def _named(given: list[ast.expr], package: str) -> str:
    match given:
        case [ast.Constant(value=str(name)), *_] if not name.startswith("."):
            return name
    used = {node.id for each in given for node in ast.walk(each) if isinstance(node, ast.Name)}
    inside = package if used & {"__name__", "__package__"} else ""
    return f"{inside or _NAME}.{_ANYTHING}"
