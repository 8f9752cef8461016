"""The session of Apache Spark that runs a table: the one that `spark-submit` made, or one on this machine."""

import os
import sys
import warnings

from openembargo.terms.errors import InputError, Mistake

SETTINGS = {
    "spark.sql.caseSensitive": "true",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.legacy.sizeOfNull": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
}
"""What makes Spark read and reckon as DuckDB does: names with their case, an impossible cast as NULL, exact amounts."""
LOCAL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "3g",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.debug.maxToStringFields": "100",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}
"""For a session on this machine alone; a cluster has its own settings, by `spark-submit --conf`."""


def open_spark() -> "SparkSession":  # type: ignore[name-defined]  # noqa: F821
    """Return the session: that of `spark-submit`, or `local[*]` (`SPARK_MASTER` names another master).

    Raises:
        InputError: When pyspark or Java is missing.
    """
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")  # no pandas is used with it
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise InputError([Mistake("--engine spark", "needs pyspark", "install openembargo[spark]")]) from None
    try:
        spark = SparkSession.getActiveSession() or _build(SparkSession.builder)
    except (PySparkException, OSError) as error:
        first = str(error).splitlines()[0]
        raise InputError(
            [Mistake("--engine spark", f"Spark does not start: {first}", "Java 17 or newer, found by JAVA_HOME")]
        ) from None
    spark.sparkContext.setLogLevel("ERROR")
    for name, value in SETTINGS.items():
        spark.conf.set(name, value)
    return spark


def _build(builder: "SparkSession.Builder") -> "SparkSession":  # type: ignore[name-defined]  # noqa: F821
    builder = builder.appName("openembargo")
    if "PYSPARK_SUBMIT_ARGS" not in os.environ and "SPARK_ENV_LOADED" not in os.environ:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = builder.master(os.environ.get("SPARK_MASTER", "local[*]"))
        for name, value in LOCAL.items():
            builder = builder.config(name, value)
    return builder.getOrCreate()
