"""A standalone Spark on this machine, a master and two workers, for the time of a test."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

WORKERS = 2
PATIENCE = 60  # seconds


def missing(extra: str, reason: str) -> None:
    """Skip, or fail where the environment says that nothing may be skipped."""
    if extra in os.environ.get("WODA_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass(frozen=True)
class Standalone:
    """A running master."""

    url: str
    log: Path

    def executors(self) -> int:
        """How many executors it has launched."""
        return self.log.read_text(encoding="utf-8").count("Launching executor app-")


@contextmanager
def standalone(folder: Path) -> Iterator[Standalone]:
    """Start a master and its workers on loopback, and end them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    spark = Standalone(f"spark://127.0.0.1:{port}", folder / "master.log")
    web = ["--host", "127.0.0.1", "--webui-port", "0"]
    with ExitStack() as started:
        started.enter_context(_started("master.Master", [*web, "--port", str(port)], spark.log))
        _wait_for(spark.log, "Started daemon|Starting Spark master|I have been elected leader", 1)
        for number in range(WORKERS):
            work = folder / f"worker{number}"
            size = ["--cores", "1", "--memory", "1g", "--work-dir", str(work)]
            log = folder / f"worker{number}.log"
            started.enter_context(_started("worker.Worker", [*web, *size, spark.url], log))
        _wait_for(spark.log, "Registering worker", WORKERS)
        yield spark


@contextmanager
def _started(name: str, arguments: list[str], log: Path) -> Iterator[None]:
    import pyspark

    home = Path(pyspark.__file__).parent
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments]
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
    }
    with log.open("w") as sink:
        process = subprocess.Popen(command, stdout=sink, stderr=sink, env=environment)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def _wait_for(log: Path, sign: str, times: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        text = log.read_text(encoding="utf-8")
        if sum(text.count(each) for each in sign.split("|")) >= times:
            return
        time.sleep(0.1)
    pytest.fail(f"Spark did not say {sign!r} within {PATIENCE} seconds: {log}")
