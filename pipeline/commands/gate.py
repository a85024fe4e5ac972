"""What must not leave the pipeline: nothing is handed off, signed or released when a check failed."""

from __future__ import annotations

from pipeline.commands.run import RefusedError, Run

SYNTHETIC_LABEL = "合成样例 / synthetic sample"
"""What a file says of itself whose data is invented."""


def pass_gate(run: Run) -> None:
    """Refuse to go on where a check failed.

    Parameters
    ----------
    run : Run

    Raises
    ------
    RefusedError
        It names each check that failed, and what would mend it.
    TableError
        CHECKS is not there.
    """
    checks = run.read("checks")["checks"]
    failed = checks[checks["verdict"].eq("fail")]
    if len(failed):
        told = failed.assign(note=("; " + failed["note"]).fillna("")).itertuples()
        lines = [f"  {row.check}: {row.measured}; expected {row.expected}{row.note}" for row in told]
        raise RefusedError(
            "\n".join([f"{len(failed)} checks failed, nothing is handed off (see checks.csv):", *lines])
        )
