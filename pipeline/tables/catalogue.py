"""All tables by name, in the order they are made."""

from __future__ import annotations

from types import ModuleType

from pipeline.tables import computed, inputs, reports
from pipeline.tables.schema import Column, Table


def _declared(*modules: ModuleType) -> dict[str, Table]:
    """The tables of the modules by name, in the order they are declared."""
    return {
        table.name: table for module in modules for table in vars(module).values() if isinstance(table, Table)
    }


#: In the order they are ingested: later ones may look at earlier ones.
INPUTS = _declared(inputs)

#: In the order they are made.
TABLES = _declared(inputs, computed, reports)

#: By table and column, as in "gaps.kind": the values it may have, in the order they are told.
ENUMERATIONS: dict[str, tuple[str, ...]] = {
    f"{table.name}.{column.name}": tuple(column.values)
    for table in TABLES.values()
    for column in table.columns
    if column.values
}


def references(table: Table) -> list[tuple[Table, Column, Table]]:
    """What has to be looked at when a table is written, once all tables before it are there.

    Parameters
    ----------
    table : Table
        The table written.

    Returns
    -------
    list of (Table, Column, Table)
        A table, its column, and the table that this refers to: what the table written refers to, and what
        tables made before it say of it, as the membership does of areas that are not drawn yet.
    """
    order = {name: i for i, name in enumerate(TABLES)}
    pairs = [
        (one, column, TABLES[column.references])
        for one in TABLES.values()
        for column in one.columns
        if column.references
    ]
    # each pair once: when the later of the two is written
    return [
        (one, column, other)
        for one, column, other in pairs
        if table.name == max(one.name, other.name, key=order.__getitem__)
    ]
