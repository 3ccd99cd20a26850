"""How much memory this process may still take."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

_GROUPS = Path("/sys/fs/cgroup")
_OWN_GROUP = Path("/proc/self/cgroup")
# Limit, use, and the name in memory.stat of what is cached and would be given up: the second
# version of control groups, then the first.
_FILES = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)


def available_memory() -> int:
    """Return how many bytes can be taken without swapping, or being killed.

    The least of what the machine has free, what the control groups of a container or a batch job
    leave, and the limit of the address space (``ulimit -v``).
    """
    left = [psutil.virtual_memory().available, *_left_in_groups()]
    if sys.platform != "win32":
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY:
            left.append(limit - psutil.Process().memory_info().vms)
    return max(min(left), 0)


def _left_in_groups() -> Iterator[int]:
    """What each control group above this process leaves, where there are any."""
    try:
        lines = _OWN_GROUP.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers in ("", "memory"):
            root = _GROUPS / controllers
            group = root / path.lstrip("/")
            # A container sees its own group at the root, whatever its path outside.
            for folder in dict.fromkeys([group, *group.parents, root]):
                if folder.is_relative_to(root):
                    yield from _left_in(folder)


def _left_in(folder: Path) -> Iterator[int]:
    for limit, use, cached in _FILES:
        try:
            most = (folder / limit).read_text().strip()
            used = int((folder / use).read_text())
            stat = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
        except (OSError, ValueError):
            continue
        if most != "max":
            yield int(most) - used + int(stat.get(cached, 0))
