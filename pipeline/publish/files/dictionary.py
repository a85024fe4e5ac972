"""The data dictionary (docs/data-dictionary.md), made from the table schemas."""

from __future__ import annotations

from pipeline.tables import TABLES, Column, Table

HEADER = """# Data dictionary

Every table that flows through the pipeline, made from
`pipeline/tables/__init__.py` by `make docs`: edit it there.

*Input* tables are filled from raw files (which file and column: the district's TOML); *computed* ones
by the stages. Each is kept as `OUT/tables/NAME.parquet`. Geometry is in the district's own CRS (metres);
the GeoJSON of the hand-off is WGS 84. A column marked • is never null. Dates are ISO 8601 text.
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
        "| column | | type | unit | meaning |",
        "|---|---|---|---|---|",
    ]
    return "\n".join(lines + [_line(column, table) for column in table.columns])


def _line(column: Column, table: Table) -> str:
    kind = " or ".join(table.geometry_types) if column.kind == "geometry" else column.kind
    required = column.required or (column.kind == "geometry" and table.geometry_required)
    values = f" One of: {', '.join(f'`{v}`' for v in column.values)}." if column.values else ""
    return (
        f"| `{column.name}` | {'•' if required else ''} | {kind} | {column.unit} |"
        f" {column.meaning}.{values} |"
    )
