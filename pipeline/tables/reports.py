"""The tables that say how a run went: what changed, whether it adds up, what became of rows."""

from __future__ import annotations

from pipeline.tables.enumerations import (
    CHANGE_KINDS,
    VERDICTS,
)
from pipeline.tables.schema import (
    SOURCE_LAYER,
    Column,
    computed_table,
)

CHANGES = computed_table(
    "changes",
    "what differs from the last release",
    ("change", "subject_id"),
    Column(
        "change",
        "text",
        "what happened",
        required=True,
        values=CHANGE_KINDS,
    ),
    Column("subject_id", "text", "the area or building", required=True),
    Column("before", "text", "as released"),
    Column("after", "text", "as computed now"),
)

CHECKS = computed_table(
    "checks",
    "conservation and topology: a `fail` stops the hand-off",
    ("check",),
    Column("check", "text", "what is checked", required=True),
    Column("verdict", "text", "result", required=True, values=VERDICTS),
    Column("measured", "text", "what was found", required=True),
    Column("expected", "text", "what had to be", required=True),
    Column("note", "text", "what to do about it"),
)

RECONCILIATION = computed_table(
    "reconciliation",
    "declared totals against computed ones",
    ("figure",),
    Column("figure", "text", "which total", required=True),
    Column("unit", "text", "its unit", required=True),
    Column("declared", "number", "as declared"),
    Column("computed", "number", "as computed here"),
    Column("difference", "number", "computed minus declared"),
    Column("difference_share", "number", "difference over declared"),
    Column("verdict", "text", "within the tolerance of the rules or not", required=True, values=VERDICTS),
    Column("note", "text", "what it means, and where two declared figures contradict each other"),
)

REJECTS = computed_table(
    "rejects",
    "every row that has no row of its own in a table, and why",
    ("source_file", "source_layer", "source_row", "reason", "input"),
    Column("input", "text", "the table it was meant for", required=True),
    Column("source_file", "text", "the raw file", required=True),
    SOURCE_LAYER,
    Column("source_row", "integer", "its row there, the first being 1", required=True, at_least=1),
    Column("record_id", "text", "its id, where it has one"),
    Column("reason", "text", "why, as a code (docs/rejects.md)", required=True),
    Column("detail", "text", "what exactly, and what to do"),
    Column("raw", "text", "the record as read, as JSON", required=True),
)

REPAIRS = computed_table(
    "repairs",
    "what was mended in rows that were taken",
    ("source_file", "source_layer", "source_row", "repair", "input"),
    Column("input", "text", "the table that has the row", required=True),
    Column("source_file", "text", "the raw file", required=True),
    SOURCE_LAYER,
    Column("source_row", "integer", "its row there, the first being 1", required=True, at_least=1),
    Column("record_id", "text", "its id in the table"),
    Column("repair", "text", "what was done, as a code (docs/rejects.md)", required=True),
    Column(
        "area_before_m2",
        "number",
        "area before it; none: it enclosed nothing that could be measured",
        "m²",
        at_least=0,
    ),
    Column("area_after_m2", "number", "area after it", "m²", at_least=0),
    Column("detail", "text", "what exactly"),
)
