"""The tables that ingest fills from raw files, in the order they are ingested.

What they refer to may be missing (an entry of an area that nobody registered): `check` names that. So no
reference is declared here.
"""

from __future__ import annotations

from pipeline.tables.enumerations import (
    BARRIER_CLASSES,
    BOUNDARY_KINDS,
    CONTRACT_KINDS,
    DECISION_KINDS,
    FLOOR_AREA_SOURCES,
    GRADES,
    LAND_KINDS,
    MAINTENANCE_FUND_STATES,
    MANAGER_KINDS,
    MODES,
    SERVICES,
    USES,
)
from pipeline.tables.schema import (
    LINES_OR_POLYGONS,
    POLYGONS,
    Column,
    input_table,
)

LIST_SEPARATORS = r"[;；,，、\s]+"
"""What separates ids in one cell, as a regular expression."""

SUBDISTRICTS = input_table(
    "subdistricts",
    "subdistrict offices' territories (街道)",
    ("subdistrict_code",),
    Column("subdistrict_code", "text", "statistics code, 9 digits", required=True),
    Column("name", "text", "official name"),
    types=POLYGONS,
)

COMMUNITIES = input_table(
    "communities",
    "residents' communities (社区)",
    ("community_code",),
    Column("community_code", "text", "statistics code, 12 digits", required=True),
    Column("name", "text", "official name"),
    types=POLYGONS,
)

BUILDINGS = input_table(
    "buildings",
    "building footprints",
    ("building_id",),
    Column("building_id", "text", "the source's id, or one made from the footprint", required=True),
    Column("name", "text", "name of the building"),
    Column(
        "use",
        "text",
        "what it is used for; only residential buildings need an area",
        required=True,
        values=USES,
    ),
    # no building has more than 200; 999 and its like stand for "not known"
    Column("floors", "integer", "storeys above ground", at_least=1, at_most=200),
    Column("footprint_area_m2", "number", "area of the footprint", "m²", required=True, at_least=0),
    Column("floor_area_m2", "number", "floor area, as declared or footprint × floors", "m²", at_least=0),
    Column("floor_area_source", "text", "where the floor area is from", values=FLOOR_AREA_SOURCES),
    Column("households", "integer", "households living there", at_least=0),
    Column("year", "integer", "year it was built", at_least=1800, at_most=2099),
    Column("owner_unit", "text", "the work unit that built or owned it (原产权单位)"),
    Column("address", "text", "address as the source writes it"),
    Column("road", "text", "road of the address, normalised"),
    Column("door_number", "integer", "door number of the address", at_least=0),
    Column("door_suffix", "text", "what a column of door numbers has behind the number: A of 5A, /2 of 5/2"),
    Column("subdistrict_code", "text", "the subdistrict it stands in"),
    Column("community_code", "text", "the community it stands in"),
    types=POLYGONS,
)

BARRIERS = input_table(
    "barriers",
    "what lies between buildings: roads, railways, water, walls",
    ("barrier_id",),
    Column("barrier_id", "text", "the source's id, or one made from the shape", required=True),
    Column("class", "text", "its class", required=True, values=BARRIER_CLASSES),
    Column("name", "text", "name of the road or water"),
    Column("width_m", "number", "width of the road reserve", "m", at_least=0),
    Column("tunnel", "text", "as OpenStreetMap has it: yes, culvert, building_passage, …"),
    Column("covered", "text", "as OpenStreetMap has it: yes, arcade, …"),
    Column("bridge", "text", "as OpenStreetMap has it: yes, viaduct, …"),
    Column(
        "layer",
        "integer",
        "as OpenStreetMap has it: below 0 is under the ground, above 0 over it",
        at_least=-99,
    ),
    Column(
        "grade",
        "text",
        "where it runs, made from these four where the file has none; underground it parts nothing and takes"
        " no ground, covered (under a building) it takes none, elevated it does as on the surface (or empty)",
        values=GRADES,
    ),
    types=LINES_OR_POLYGONS,
)

LAND = input_table(
    "land",
    "land use: public land is never inside an area; uncovered residential land is a gap",
    ("land_id",),
    Column("land_id", "text", "the source's id, or one made from the shape", required=True),
    Column("kind", "text", "residential, or why no area may cover it", required=True, values=LAND_KINDS),
    Column("name", "text", "name of the park, school, water …"),
    types=POLYGONS,
)

COMPOUNDS = input_table(
    "compounds",
    "compounds that somebody else manages, such as market-managed estates",
    ("compound_id",),
    Column("compound_id", "text", "the source's id, or one made from the shape", required=True),
    Column("name", "text", "name"),
    Column("manager", "text", "who manages it"),
    types=POLYGONS,
)

ROAD = Column("road", "text", "road of the door numbers, in any script; with both the address is not read")
DOORS = Column("door_number", "text", "door numbers on that road, in any script: 5, 5A, 12-14, 5, 7")

REGISTER = input_table(
    "register",
    "the register of property-management areas",
    ("area_id",),
    Column(
        "area_id",
        "text",
        "code of the area; one made from name and address where the register has none",
        required=True,
    ),
    Column("name", "text", "name of the area"),
    Column("subdistrict_code", "text", "its subdistrict"),
    Column("community_code", "text", "its community"),
    Column("manager", "text", "the signed service unit"),
    Column("manager_kind", "text", "what the service unit is", values=MANAGER_KINDS),
    Column("owner_unit", "text", "the original owner unit, where there is one (原产权单位)"),
    Column("owners_committee", "flag", "there is an owners' committee (业主委员会)"),
    Column("mode", "text", "mode of service today", values=MODES),
    Column("address", "text", "address of the area"),
    ROAD,
    DOORS,
    Column(
        "n_buildings",
        "integer",
        "declared buildings (register entries or footprints, as the source counts)",
        at_least=0,
    ),
    Column("households", "integer", "declared households", at_least=0),
    Column("floor_area_m2", "number", "declared floor area", "m²", at_least=0),
    Column("year", "integer", "year most of it was built", at_least=1800, at_most=2099),
    Column("fee_yuan_m2_month", "number", "declared fee", "yuan/m²/month", at_least=0),
    Column("service_room", "flag", "a service room is arranged"),
    Column("maintenance_fund", "text", "maintenance fund", values=MAINTENANCE_FUND_STATES),
    Column("facilities_complete", "flag", "shared facilities are complete"),
    Column("privatised_share", "number", "privatised share of the floor area", at_least=0, at_most=1),
    types=("Point",),
    geometry_required=False,
)

ENTRIES = input_table(
    "entries",
    "entries of the register: one address entry stands for a run of door numbers",
    ("entry_id",),
    Column("entry_id", "text", "the source's id", required=True),
    Column("area_id", "text", "the area it belongs to", required=True),
    Column("address", "text", "address with door-number run, e.g. 胜利路12-38号(双号)"),
    ROAD,
    DOORS,
    Column("building_ids", "text", "ids of its footprints where known, separated by ;"),
    Column("n_buildings", "integer", "footprints it stands for", at_least=0),
    Column("households", "integer", "declared households", at_least=0),
    Column("floor_area_m2", "number", "declared floor area", "m²", at_least=0),
    types=("Point",),
    geometry_required=False,
)

BOUNDARIES = input_table(
    "boundaries",
    "boundaries drawn by a person: they always win",
    ("area_id",),
    Column("area_id", "text", "the area it bounds", required=True),
    Column("kind", "text", "what the line is", values=BOUNDARY_KINDS),
    Column("decided_by", "text", "who decided"),
    Column("decided_on", "date", "when"),
    types=POLYGONS,
)

DECISIONS = input_table(
    "decisions",
    "decisions taken on single buildings: they always win",
    ("building_id",),
    Column("building_id", "text", "the building", required=True),
    Column("area_id", "text", "the area it belongs to; `none`: to no area", required=True),
    Column(
        "kind",
        "text",
        "what was decided; empty: `move`",
        values=DECISION_KINDS,
    ),
    Column("decided_by", "text", "who decided"),
    Column("decided_on", "date", "when"),
    Column("note", "text", "why"),
)

CONTRACTS = input_table(
    "contracts",
    "contracts signed with service units",
    ("contract_id",),
    Column("contract_id", "text", "number of the contract", required=True),
    Column("area_id", "text", "the area served", required=True),
    Column("manager", "text", "the service unit"),
    Column("kind", "text", "what was signed", values=CONTRACT_KINDS),
    Column("signed_on", "date", "signed"),
    Column("starts_on", "date", "first day"),
    Column("ends_on", "date", "last day"),
)

ASSESSMENTS = input_table(
    "assessments",
    "quarterly assessments: points by service, of the maxima in the rules",
    ("area_id", "quarter"),
    Column("area_id", "text", "the area assessed", required=True),
    Column("quarter", "text", "year and quarter, e.g. 2026Q3", required=True),
    *(
        Column(
            name, "number", f"points for {name}: {service.meaning}; 0: not delivered", "points", at_least=0
        )
        for name, service in SERVICES.items()
    ),
)

RELEASED_AREAS = input_table(
    "released_areas",
    "areas of the last release",
    ("area_id",),
    Column("area_id", "text", "code of the area", required=True),
    Column("name", "text", "name"),
    Column("origin", "text", "where the area came from"),
    Column("retired", "flag", "no longer in use: its code is never used again"),
    Column("released_on", "date", "`as_of` of the run that released it; a retired code keeps its last"),
    types=POLYGONS,
    geometry_required=False,
)

RELEASED_MEMBERSHIP = input_table(
    "released_membership",
    "membership of the last release",
    ("building_id",),
    Column("building_id", "text", "the building", required=True),
    Column("area_id", "text", "its area then"),
)
