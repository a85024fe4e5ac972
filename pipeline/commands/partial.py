"""What is left to show when a step of the run failed: a map of the tables that are as they should be, and the
reports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.commands import failures
from pipeline.commands.run import Run
from pipeline.registry import MAPPED

if TYPE_CHECKING:
    import pandas as pd

#: The tables that the map is made of, tried in this order until one set works.
LESS = (
    MAPPED,
    ("buildings", "membership", "areas", "gaps", "subdistricts"),
    ("buildings", "subdistricts"),
    (),
)


def partial(run: Run) -> str:
    """After a step failed: the map of what there is, which says what is missing and why, and the reports.

    Parameters
    ----------
    run : Run
        `without`: tables, and `index.html` for the map, that could not be brought up to date.

    Returns
    -------
    str
        What was written, in one line.

    Notes ----- Where the map cannot be made of all tables that there are, it is made of those in the first of
    LESS that it can be made of.
    """
    from pipeline.tables import TableError

    tables: dict[str, pd.DataFrame] = {}
    said: list[tuple[str, str]] = []
    for name in MAPPED:
        if name not in run.without:
            try:
                tables |= run.read(name)
            # ValueError: Arrow's, for a file that is damaged
            except (TableError, OSError, ValueError) as error:
                said.append((name, f"{error}; remove {run.out}/tables/{name}.parquet"))
    missing = [name for name in MAPPED if name not in tables]
    said = [*failures.taken(run.out), *said]
    done = [_map(run, tables, said)] if missing or "index.html" in run.without else []
    done += _reports(run, said)
    return "; ".join(done) or "the map and the reports are whole"


def _map(run: Run, tables: dict[str, pd.DataFrame], said: list[tuple[str, str]]) -> str:
    from pipeline.files import write
    from pipeline.publish.webmap import build_map
    from pipeline.publish.webmap.partial import Missing

    path, broken = run.maps / "index.html", any(step == "map" for step, _ in said)
    for names in LESS[1 if broken else 0 :]:
        left = {name: table for name, table in tables.items() if name in names}
        without = tuple(name for name in MAPPED if name not in left)
        try:
            lacks = Missing(without, tuple(said)) if without else None
            html = build_map(
                left,
                district=run.config.district,
                declared=run.config.declared,
                options=run.config.map,
                missing=lacks,
            )
            break
        # any error that a table causes: a map of fewer tables is better than none
        except Exception as error:
            if not names:
                raise
            said = [*said, ("map", f"{type(error).__name__}: {error}")]
    write(path, html.encode())
    return f"{path}: without {', '.join(without)}, as it says" if without else str(path)


def _reports(run: Run, said: list[tuple[str, str]]) -> list[str]:
    """rejects.csv and repairs.csv of what was read; checks.csv with a row for each step that failed."""
    import pandas as pd

    from pipeline import store
    from pipeline.paths import intake_path
    from pipeline.publish.files.handoff import write_csv
    from pipeline.publish.files.views import labelled
    from pipeline.tables import CHECKS, conform

    reports = {}
    if set(run.without) & set(run.ingested):
        read = [
            name for name in run.ingested if name not in run.without and intake_path(run.out, name).exists()
        ]
        reports = {
            "rejects.csv": store.read_intakes(run.out, read)[1],
            "repairs.csv": store.read_repairs(run.out, read),
        }
    if "checks" in run.without:
        steps = said or [("make", "no step left a message: see what make said")]
        row = {"verdict": "fail", "measured": "failed", "expected": "done"}
        rows = pd.DataFrame([{"check": f"step:{step}", **row, "note": text} for step, text in steps])
        reports["checks.csv"] = conform(rows.drop_duplicates("check"), CHECKS)
    for name, frame in reports.items():
        write_csv(labelled(frame, synthetic=run.config.district.synthetic), run.out / name)
    return list(reports)
