"""Open the database that Splink works in: DuckDB in this process, or Spark.

Splink and Spark are optional: nothing here is imported before it is asked for, and what is
missing is named together with the extra that brings it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pyarrow as pa

from woda_lib.linkage.errors import LinkageError, nearest
from woda_lib.linkage.splink_settings import DIALECTS, JARO_WINKLER


@contextmanager
def database(backend: str, session: Any, master: str | None) -> Iterator[Any]:
    """Open a Splink database, and close what was opened.

    Parameters
    ----------
    backend
        ``"duckdb"`` or ``"spark"``.
    session
        A Spark session to use; it is left open.
    master
        The URL of a Spark master to make a session for.

    Yields
    ------
    splink.DuckDBAPI or splink.SparkAPI

    Raises
    ------
    LinkageError
        Splink or Spark is not installed or cannot start, or the choices do not fit together.
    """
    if backend not in DIALECTS:
        raise LinkageError(f"Splink has no backend {backend!r} here. {nearest(backend, DIALECTS)}")
    if backend == "duckdb":
        if session is not None or master is not None:
            raise LinkageError(
                "A session or a master is for Spark. Add backend='spark', or leave it out."
            )
        api = splink_package().DuckDBAPI()
        try:
            yield api
        finally:
            api.duckdb_con.close()
    elif session is not None:
        yield spark_database(session)
    elif master is not None:
        with _spark_session(master) as own:
            yield spark_database(own)
    else:
        raise LinkageError(
            "Spark needs a place to run: give session=… (a Spark session) or master=… (the URL "
            "of a master, such as 'local[2]')."
        )


def splink_package() -> ModuleType:
    """Import Splink 5 or later.

    Raises
    ------
    LinkageError
        It is not installed, or too old.
    """
    try:
        import splink
    except ImportError as error:
        raise LinkageError(
            "The engine 'splink' needs Splink, which is not installed. Install the extra: "
            "pip install 'woda-workbench[splink]'."
        ) from error
    if int(splink.__version__.split(".")[0]) < 5:
        raise LinkageError(
            f"The engine 'splink' needs Splink 5 or later; {splink.__version__} is installed. "
            f"Install the extra: pip install 'woda-workbench[splink]'."
        )
    return splink


def spark_database(session: Any) -> Any:
    """Make a Splink database of a Spark session.

    Raises
    ------
    LinkageError
        The session lacks Splink's library of functions or a checkpoint directory.
    """
    _require_pyspark()
    splink = splink_package()
    if session.sparkContext.getCheckpointDir() is None:
        raise LinkageError(
            "Splink keeps intermediate tables in Spark's checkpoint directory, and this session "
            "has none. Call session.sparkContext.setCheckpointDir() with a folder that every "
            "executor can reach."
        )
    api = splink.SparkAPI(spark_session=session)
    if not session.catalog.functionExists("damerau_levenshtein"):
        raise LinkageError(
            "This Spark session lacks Splink's library of string functions. Start it with the "
            "option 'spark.jars' set to splink.backends.spark.similarity_jar_location()."
        )
    return api


@contextmanager
def joins_as_written(api: Any, backend: str) -> Iterator[None]:
    """Keep DuckDB from reordering joins.

    For Splink's single best links it would pair every record with every other first: 10,000
    records took 20 seconds, and 0.3 with the joins in the order Splink wrote them.
    """
    if backend != "duckdb":
        yield
        return
    api.duckdb_con.execute("set disabled_optimizers = 'join_order'")
    try:
        yield
    finally:
        api.duckdb_con.execute("reset disabled_optimizers")


def register_jaro_winkler(api: Any, backend: str) -> None:
    """Register our Jaro–Winkler similarity under the name that the settings call it by.

    DuckDB's own compares bytes, which differs for letters beyond ASCII; the one that Splink
    brings to Spark counts half transpositions.
    """
    function = _jaro_winkler()
    if backend == "spark":
        from pyspark.sql import functions

        arrow_udf: Any = functions.arrow_udf  # its overloads do not foresee a plain function
        api.spark.udf.register(JARO_WINKLER, arrow_udf(function, "double"))
    else:
        api.duckdb_con.create_function(
            JARO_WINKLER, function, ["VARCHAR", "VARCHAR"], "DOUBLE", type="arrow"
        )


def _jaro_winkler() -> Any:
    """Return a function of two Arrow arrays.

    A function made inside another is sent to Spark's executors as a whole: they need pyarrow and
    jellyfish, but not this package.
    """

    def similarity(left: pa.Array, right: pa.Array) -> pa.Array:
        import jellyfish

        pairs = zip(left.to_pylist(), right.to_pylist(), strict=True)
        return pa.array(
            [
                None if one is None or other is None else
                jellyfish.jaro_winkler_similarity(one, other)
                for one, other in pairs
            ],
            type=pa.float64(),
        )  # fmt: skip

    return similarity


@contextmanager
def _spark_session(master: str) -> Iterator[Any]:
    """Start a session at a master on this machine, with all that Splink needs; stop it after."""
    _require_pyspark()
    splink_package()
    from pyspark.sql import SparkSession
    from splink.backends.spark import similarity_jar_location

    if SparkSession.getActiveSession() is not None:
        raise LinkageError(
            "A Spark session is open in this process already. Give it as session=…, or stop it."
        )
    with tempfile.TemporaryDirectory(prefix="woda-spark-") as folder:
        builder = (
            SparkSession.builder.master(master)
            .appName("woda linkage")
            .config("spark.jars", similarity_jar_location())
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.warehouse.dir", folder)
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
        )
        try:
            session = builder.getOrCreate()
        except Exception as error:  # pyspark and py4j each raise their own
            raise LinkageError(
                f"Spark could not start at {master}. It needs Java 17 or later, and a master that "
                f"answers at this address."
            ) from error
        try:
            context = session.sparkContext
            context.setLogLevel("ERROR")  # it warns of every table that Splink keeps
            context.setCheckpointDir(folder)
            context.pythonExec = sys.executable  # else the first python3 on an executor's path
            partitions = 2 * context.defaultParallelism
            session.conf.set("spark.sql.shuffle.partitions", str(partitions))
            yield session
        finally:
            session.stop()


def _require_pyspark() -> None:
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise LinkageError(
            "The backend 'spark' needs PySpark, which is not installed. Install the extra: "
            "pip install 'woda-workbench[spark]'."
        ) from error
