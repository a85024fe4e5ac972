"""The data dictionary (docs/data-dictionary.md), made from the table schemas."""

from __future__ import annotations

from pipeline.tables import TABLES, Column, Table

HEADER = """# Data dictionary

Every table that flows through the pipeline, made from
`pipeline/tables/` by `make docs`: edit it there.

*Input* tables are filled from raw files (which file and column: the district's TOML); *computed* ones
by the stages. Each is kept as `OUT/tables/NAME.parquet`. Geometry is in the district's own CRS (metres);
the GeoJSON of the hand-off is WGS 84. A column marked • is never null. Dates are ISO 8601 text.

Nothing else is written: a value or number that is not allowed, or a → that leads to no row of that table,
stops the step, which names table, column, row and value. What raw files say stops nothing: what cannot be is
in `rejects.csv`, or named in `checks.csv`.
"""


def build_dictionary() -> str:
    """The whole dictionary as Markdown."""
    index = " · ".join(f"[{name}](#{name})" for name in TABLES)
    return "\n".join([HEADER, index, *(_section(table) for table in TABLES.values())])


def _section(table: Table) -> str:
    lines = [
        f"\n## {table.name}\n",
        (
            f"{table.meaning[0].upper()}{table.meaning[1:]}. *{table.origin.capitalize()}*; key:"
            f" {', '.join(f'`{k}`' for k in table.key)}.\n"
        ),
        "| column | | type | unit | allowed | meaning |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join(lines + [_line(column, table) for column in table.columns])


def _line(column: Column, table: Table) -> str:
    kind = " or ".join(table.geometry_types) if column.kind == "geometry" else column.kind
    required = column.required or (column.kind == "geometry" and table.geometry_required)
    return (
        f"| `{column.name}` | {'•' if required else ''} | {kind} | {column.unit} | {_allowed(column)} |"
        f" {_meaning(column)} |"
    )


def _allowed(column: Column) -> str:
    """Its range, or the table whose key it has; values are told with their meaning."""
    return f"→ [{column.references}](#{column.references})" if column.references else column.range


def _meaning(column: Column) -> str:
    values = "".join(f"<br>`{value}`: {meaning}" for value, meaning in column.values.items())
    return f"{column.meaning}.{values}"
