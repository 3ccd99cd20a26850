"""A standalone Spark on this machine, a master and two workers, for the time of a test."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.absent import absent

WORKERS = 2
PATIENCE = 60  # seconds
OLDEST_JAVA = 17

# A shell stands between the tests and each daemon and ends it when their pipe closes, so that even
# tests that are killed leave no Spark behind. In a session of its own, Ctrl-C does not reach it.
UNTIL_THE_PIPE_CLOSES = '"$@" & daemon=$!; cat; kill $daemon; wait $daemon'


def require_spark() -> None:
    """Skip the test, with the reason, where Spark cannot run."""
    java = java_version()
    if java is None:
        absent("spark", "there is no Java for Spark (apt-get install default-jre-headless)")
    if java < OLDEST_JAVA:
        absent("spark", f"Spark needs Java {OLDEST_JAVA} or later, and this is Java {java}")
    if importlib.util.find_spec("pyspark") is None:
        absent("spark", "PySpark is not installed (make spark)")


def java_version() -> int | None:
    """Return the major version of the Java that Spark would start: 17 of 17.0.15, 1 of 1.8."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(f"{home}/bin/java" if home else "java")
    if java is None:
        return None
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else None


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
    guarded = ["sh", "-c", UNTIL_THE_PIPE_CLOSES, "sh", *command]
    with log.open("w") as sink:
        process = subprocess.Popen(
            guarded,
            stdin=subprocess.PIPE,
            stdout=sink,
            stderr=sink,
            env=environment,
            start_new_session=True,
        )
        try:
            yield
        finally:
            process.communicate(timeout=PATIENCE)


def _wait_for(log: Path, sign: str, times: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        text = log.read_text(encoding="utf-8")
        if sum(text.count(each) for each in sign.split("|")) >= times:
            return
        time.sleep(0.1)
    pytest.fail(f"Spark did not say {sign!r} within {PATIENCE} seconds: {log}")
