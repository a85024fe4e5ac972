"""All tables by name, in the order they are made."""

from __future__ import annotations

from pipeline.tables import computed, inputs, reports
from pipeline.tables.schema import Column, Table

#: In the order they are ingested: later ones may look at earlier ones.
INPUTS: dict[str, Table] = {
    table.name: table
    for table in (
        inputs.SUBDISTRICTS,
        inputs.COMMUNITIES,
        inputs.BUILDINGS,
        inputs.BARRIERS,
        inputs.LAND,
        inputs.COMPOUNDS,
        inputs.REGISTER,
        inputs.ENTRIES,
        inputs.BOUNDARIES,
        inputs.DECISIONS,
        inputs.CONTRACTS,
        inputs.ASSESSMENTS,
        inputs.RELEASED_AREAS,
        inputs.RELEASED_MEMBERSHIP,
    )
}

#: In the order they are made.
TABLES: dict[str, Table] = INPUTS | {
    table.name: table
    for table in (
        computed.MATCHED,
        computed.MEMBERSHIP,
        computed.BLOCKS,
        computed.AREAS,
        computed.EDGES,
        computed.BOUNDS,
        computed.AREA_REASONS,
        computed.SERVICE,
        computed.GAPS,
        reports.CHANGES,
        reports.CHECKS,
        reports.RECONCILIATION,
        reports.REJECTS,
        reports.REPAIRS,
    )
}

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
    table
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
