"""The tables that flow through the pipeline: one schema each, with columns, types, units and keys.

A table is a (Geo)DataFrame whose columns are exactly the ones listed here, in this order, sorted by
its key. Geometry is in the district's own projected CRS (metres). The data dictionary
(docs/data-dictionary.md) is generated from this module. Standard library only, as `schema` says.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.tables.schema import Column as Column
from pipeline.tables.schema import Table as Table
from pipeline.tables.schema import TableError as TableError
from pipeline.tables.schema import conform as conform
from pipeline.tables.schema import empty as empty
from pipeline.tables.schema import validate as validate

POLYGONS = ("Polygon", "MultiPolygon")
LINES_OR_POLYGONS = ("LineString", "MultiLineString", *POLYGONS)
GEOMETRY = Column("geometry", "geometry", "its place, in the district's CRS", "m")
SOURCE_LAYER = Column(
    "source_layer", "text", "its layer, sheet or data set there, where the file has several"
)
PROVENANCE = (
    Column("source_file", "text", "the raw file the row came from", required=True),
    SOURCE_LAYER,
    Column("source_row", "integer", "its row there, the first being 1", required=True),
)

USES = ("residential", "public", "commercial", "auxiliary")
BARRIER_CLASSES = ("railway", "water", "arterial", "collector", "local", "lane", "path", "wall")
GRADES = ("surface", "underground", "elevated", "covered")
LAND_KINDS = ("residential", "green", "water", "road", "public", "other")
MANAGER_KINDS = ("company", "owner_unit", "state_owned", "subdistrict", "none")
MODES = ("market", "self_management", "basic_guarantee")
SERVICES = ("repair", "order", "cleaning", "greening", "records")
STATUSES = ("served", "paper_only", "unsigned", "registered", "proposed")
MATCH_METHODS = ("decision", "building_id", "boundary", "address", "point", "group", "compound", "none")
GAP_KINDS = (
    "uncovered_building",
    "uncovered_ground",
    "three_nos",
    "paper_only",
    "expired",
    "unassessed",
    "failing",
    "contested",
    "unlocated",
)
SIDES = ("east", "south", "west", "north")
FOLLOWS = (
    "drawn",
    "road",
    "railway",
    "water",
    "public_land",
    "compound",
    "subdistrict_line",
    "wall",
    "lane",
    "parcel",
    "midline",
    "open_ground",
)
"""What a piece of a boundary follows; the last two are nothing that one could see on the ground."""
FACES = (
    "area",
    "area_beyond",
    "road",
    "railway",
    "water",
    "green",
    "public",
    "other",
    "compound",
    "lane",
    "subdistrict",
    "open_ground",
)
"""What lies beyond a piece of a boundary: an area that shares the line, an area across open ground, …"""
REASONS = (
    "decision",
    "register",
    "boundary",
    "compound",
    "barrier",
    "public_land",
    "distance",
    "courtyard",
    "alignment",
    "owner_unit",
    "road",
    "community",
    "subdistrict",
    "floors",
    "year",
    "size",
)
VERDICTS = ("pass", "warn", "fail")

LIST_SEPARATORS = r"[;；,，、\s]+"
"""What separates ids in one cell, as a regular expression."""


def _input(
    name: str,
    meaning: str,
    key: tuple[str, ...],
    *columns: Column,
    types: tuple[str, ...] = (),
    geometry_required: bool = True,
) -> Table:
    geometry = (GEOMETRY,) if types else ()
    return Table(name, meaning, key, (*columns, *PROVENANCE, *geometry), "input", types, geometry_required)


def _computed(
    name: str,
    meaning: str,
    key: tuple[str, ...],
    *columns: Column,
    types: tuple[str, ...] = (),
    geometry_required: bool = True,
) -> Table:
    geometry = (GEOMETRY,) if types else ()
    return Table(name, meaning, key, (*columns, *geometry), "computed", types, geometry_required)


SUBDISTRICTS = _input(
    "subdistricts",
    "subdistrict offices' territories (街道)",
    ("subdistrict_code",),
    Column("subdistrict_code", "text", "statistics code, 9 digits", required=True),
    Column("name", "text", "official name"),
    types=POLYGONS,
)

COMMUNITIES = _input(
    "communities",
    "residents' communities (社区)",
    ("community_code",),
    Column("community_code", "text", "statistics code, 12 digits", required=True),
    Column("name", "text", "official name"),
    types=POLYGONS,
)

BUILDINGS = _input(
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
    Column("floors", "integer", "storeys above ground"),
    Column("footprint_area_m2", "number", "area of the footprint", "m²", required=True),
    Column("floor_area_m2", "number", "floor area, as declared or footprint × floors", "m²"),
    Column("floor_area_source", "text", "where the floor area is from", values=("declared", "floors")),
    Column("households", "integer", "households living there"),
    Column("year", "integer", "year it was built"),
    Column("owner_unit", "text", "the work unit that built or owned it (原产权单位)"),
    Column("address", "text", "address as the source writes it"),
    Column("road", "text", "road of the address, normalised"),
    Column("door_number", "integer", "door number of the address"),
    Column("door_suffix", "text", "what a column of door numbers has behind the number: A of 5A, /2 of 5/2"),
    Column("subdistrict_code", "text", "the subdistrict it stands in"),
    Column("community_code", "text", "the community it stands in"),
    types=POLYGONS,
)

BARRIERS = _input(
    "barriers",
    "what lies between buildings: roads, railways, water, walls",
    ("barrier_id",),
    Column("barrier_id", "text", "the source's id, or one made from the shape", required=True),
    Column("class", "text", "its class", required=True, values=BARRIER_CLASSES),
    Column("name", "text", "name of the road or water"),
    Column("width_m", "number", "width of the road reserve", "m"),
    Column("tunnel", "text", "as OpenStreetMap has it: yes, culvert, building_passage, …"),
    Column("covered", "text", "as OpenStreetMap has it: yes, arcade, …"),
    Column("bridge", "text", "as OpenStreetMap has it: yes, viaduct, …"),
    Column("layer", "integer", "as OpenStreetMap has it: below 0 is under the ground, above 0 over it"),
    Column(
        "grade",
        "text",
        "where it runs, made from these four where the file has none; underground it parts nothing and takes"
        " no ground, covered (under a building) it takes none, elevated it does as on the surface (or empty)",
        values=GRADES,
    ),
    types=LINES_OR_POLYGONS,
)

LAND = _input(
    "land",
    "land use: public land is never inside an area; uncovered residential land is a gap",
    ("land_id",),
    Column("land_id", "text", "the source's id, or one made from the shape", required=True),
    Column("kind", "text", "residential, or why no area may cover it", required=True, values=LAND_KINDS),
    Column("name", "text", "name of the park, school, water …"),
    types=POLYGONS,
)

COMPOUNDS = _input(
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

REGISTER = _input(
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
        "n_buildings", "integer", "declared buildings (register entries or footprints, as the source counts)"
    ),
    Column("households", "integer", "declared households"),
    Column("floor_area_m2", "number", "declared floor area", "m²"),
    Column("year", "integer", "year most of it was built"),
    Column("fee_yuan_m2_month", "number", "declared fee", "yuan/m²/month"),
    Column("service_room", "flag", "a service room is arranged"),
    Column("maintenance_fund", "text", "maintenance fund", values=("paid", "short", "none", "unknown")),
    Column("facilities_complete", "flag", "shared facilities are complete"),
    Column("privatised_share", "number", "privatised share of the floor area, 0 to 1"),
    types=("Point",),
    geometry_required=False,
)

ENTRIES = _input(
    "entries",
    "entries of the register: one address entry stands for a run of door numbers",
    ("entry_id",),
    Column("entry_id", "text", "the source's id", required=True),
    Column("area_id", "text", "the area it belongs to", required=True),
    Column("address", "text", "address with door-number run, e.g. 胜利路12-38号(双号)"),
    ROAD,
    DOORS,
    Column("building_ids", "text", "ids of its footprints where known, separated by ;"),
    Column("n_buildings", "integer", "footprints it stands for"),
    Column("households", "integer", "declared households"),
    Column("floor_area_m2", "number", "declared floor area", "m²"),
    types=("Point",),
    geometry_required=False,
)

BOUNDARIES = _input(
    "boundaries",
    "boundaries drawn by a person: they always win",
    ("area_id",),
    Column("area_id", "text", "the area it bounds", required=True),
    Column("kind", "text", "what the line is", values=("red_line", "parcel", "hand_drawn")),
    Column("decided_by", "text", "who decided"),
    Column("decided_on", "date", "when"),
    types=POLYGONS,
)

DECISIONS = _input(
    "decisions",
    "decisions taken on single buildings: they always win",
    ("building_id",),
    Column("building_id", "text", "the building", required=True),
    Column("area_id", "text", "the area it belongs to; `none`: to no area", required=True),
    Column(
        "kind",
        "text",
        "move (or empty): into an area that there is; accept: a proposed area is accepted, and the building"
        " is of it",
        values=("move", "accept"),
    ),
    Column("decided_by", "text", "who decided"),
    Column("decided_on", "date", "when"),
    Column("note", "text", "why"),
)

CONTRACTS = _input(
    "contracts",
    "contracts signed with service units",
    ("contract_id",),
    Column("contract_id", "text", "number of the contract", required=True),
    Column("area_id", "text", "the area served", required=True),
    Column("manager", "text", "the service unit"),
    Column("kind", "text", "what was signed", values=("full", "repairs_only", "emergency")),
    Column("signed_on", "date", "signed"),
    Column("starts_on", "date", "first day"),
    Column("ends_on", "date", "last day"),
)

ASSESSMENTS = _input(
    "assessments",
    "quarterly assessments: points by service, of the maxima in the rules",
    ("area_id", "quarter"),
    Column("area_id", "text", "the area assessed", required=True),
    Column("quarter", "text", "year and quarter, e.g. 2026Q3", required=True),
    *(Column(service, "number", f"points for {service}; 0: not delivered", "points") for service in SERVICES),
)

RELEASED_AREAS = _input(
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

RELEASED_MEMBERSHIP = _input(
    "released_membership",
    "membership of the last release",
    ("building_id",),
    Column("building_id", "text", "the building", required=True),
    Column("area_id", "text", "its area then"),
)

MEMBERSHIP = _computed(
    "membership",
    "every residential building: one area, one other manager, or one gap reason",
    ("building_id",),
    Column("building_id", "text", "the building", required=True),
    Column("subdistrict_code", "text", "the subdistrict it stands in"),
    Column("area_id", "text", "its area"),
    Column("compound_id", "text", "or the compound whose manager it has"),
    Column("gap", "text", "or why it has neither", values=("uncovered_building",)),
    Column("method", "text", "how that was found", required=True, values=MATCH_METHODS),
    Column("confidence", "number", "how sure, 0 to 1; 1: a person said so", required=True),
    Column("entry_id", "text", "the register entry it was found by"),
    Column("runner_up_area_id", "text", "the next best area"),
    Column("runner_up_confidence", "number", "how sure that would be, 0 to 1"),
    Column("contested", "flag", "two areas claim it with equal right", required=True),
)

MATCHED = replace(
    MEMBERSHIP,
    name="matched",
    meaning="membership as far as the register, drawn boundaries and decisions say",
    columns=(
        *MEMBERSHIP.columns,
        Column("named_by", "text", "every register entry that leads to it, whoever holds it, as a JSON list"),
    ),
)

BLOCKS = _computed(
    "blocks",
    "ground an area may own: land between streets, railways and water that is not public and not a compound",
    ("block_id",),
    Column("block_id", "text", "made from its place", required=True),
    Column("subdistrict_code", "text", "the subdistrict it lies in"),
    types=POLYGONS,
)

AREAS = _computed(
    "areas",
    "property-management areas and the ground they own",
    ("area_id",),
    Column("area_id", "text", "code of the area", required=True),
    Column("name", "text", "name"),
    Column(
        "origin",
        "text",
        "register, hand-drawn boundary, a decision that accepted a proposal, or a proposal of this software",
        required=True,
        values=("register", "boundary", "decision", "proposal"),
    ),
    Column("subdistrict_code", "text", "its subdistrict"),
    Column("community_code", "text", "its community (that of most of its buildings)"),
    Column("n_buildings", "integer", "residential footprints in it", required=True),
    Column("households", "integer", "households in them, where known"),
    Column("floor_area_m2", "number", "their floor area, where known", "m²"),
    Column("ground_area_m2", "number", "geodesic area of its ground", "m²", required=True),
    Column("n_parts", "integer", "parts of its ground", required=True),
    types=POLYGONS,
    geometry_required=False,
)

EDGES = _computed(
    "edges",
    "the boundary of each area, piece by piece: what each piece follows",
    ("area_id", "edge"),
    Column("area_id", "text", "the area", required=True),
    Column(
        "edge",
        "integer",
        "number of the piece, along each ring with the ground to the left, the outer rings first",
        required=True,
    ),
    Column("side", "text", "the side of the area it is on; none: in a notch or around a hole", values=SIDES),
    Column("follows", "text", "what it follows", required=True, values=FOLLOWS),
    Column(
        "faces",
        "text",
        "what lies beyond it, within sight: of open ground perhaps a road",
        required=True,
        values=FACES,
    ),
    Column("name", "text", "name of the road, water, public land, compound or subdistrict that it faces"),
    Column("neighbour_area_id", "text", "the area that it faces, or shares with a lane that it follows"),
    Column("length_m", "number", "its length", "m", required=True),
    types=("LineString",),
)

BOUNDS = _computed(
    "bounds",
    "the four bounds of each area in words, and how well shaped its ground is",
    ("area_id",),
    Column("area_id", "text", "the area", required=True),
    Column("bounds_zh", "text", "its four bounds in words (四至)"),
    Column("bounds_en", "text", "its four bounds in words, in English"),
    Column("perimeter_m", "number", "length of its boundary, holes included", "m"),
    Column("compactness", "number", "4π · ground / perimeter²: 1 for a circle, 0.79 for a square"),
    Column(
        "followed_share",
        "number",
        "share of its boundary that follows something on the ground or in the record, 0 to 1",
    ),
    Column(
        "oddity", "number", "how odd its shape is, 0 to 1: parts, compactness and followed share together"
    ),
    Column("oddity_rank", "integer", "1: the oddest of all; the first ten are for a person to look at"),
)

AREA_REASONS = _computed(
    "area_reasons",
    "why an area is one area: what holds it together, and what cuts it off from each neighbour",
    ("area_id", "part", "subject_id", "reason"),
    Column("area_id", "text", "the area", required=True),
    Column("part", "text", "what the reason is for", required=True, values=("holds", "cuts")),
    Column(
        "subject_id", "text", "the neighbour it is cut off from; for `holds` the area itself", required=True
    ),
    Column("reason", "text", "the evidence", required=True, values=REASONS),
    Column(
        "rank",
        "integer",
        "the order to tell it in, within area and part; the neighbour that faces it most comes first",
        required=True,
    ),
    Column("name", "text", "name of the road, the owner unit, the community … that the reason is about"),
    Column(
        "value", "number", "its measure: m for distances, m² of floor area for size, else a share, 0 to 1"
    ),
    Column("confidence", "number", "how sure, 0 to 1", required=True),
    Column("text_zh", "text", "the reason in words, in Chinese", required=True),
    Column("text_en", "text", "the reason in words, in English", required=True),
)

SERVICE = _computed(
    "service",
    "contract against delivery, assessment, and the mode each area is eligible for",
    ("area_id",),
    Column("area_id", "text", "the area", required=True),
    Column(
        "status",
        "text",
        "served, signed but not served (paper_only), unsigned, registered (no contract of any area is known),"
        " or only proposed",
        required=True,
        values=STATUSES,
    ),
    Column("manager", "text", "its service unit"),
    Column("manager_kind", "text", "what the service unit is", values=MANAGER_KINDS),
    Column("contract_id", "text", "the contract in force, or the last one"),
    Column("contract_kind", "text", "what was signed", values=("full", "repairs_only", "emergency")),
    Column("starts_on", "date", "its first day"),
    Column("ends_on", "date", "its last day"),
    Column("quarter", "text", "the last quarter assessed"),
    Column("score", "number", "its score, of 100", "points"),
    Column("missing_services", "text", "services with no points in that quarter, separated by ;"),
    Column("mode", "text", "mode of service today", values=MODES),
    Column("mode_eligible", "text", "the mode it is eligible for next", values=MODES),
    Column("mode_reason_zh", "text", "why, in Chinese"),
    Column("mode_reason_en", "text", "why, in English"),
)

GAPS = _computed(
    "gaps",
    "what nobody owns, what two own, and what is owned on paper only",
    ("gap_id",),
    Column("gap_id", "text", "kind and subject", required=True),
    Column("kind", "text", "kind of gap", required=True, values=GAP_KINDS),
    Column("priority", "integer", "1 first, 3 last", required=True),
    Column("area_id", "text", "the area concerned"),
    Column("building_id", "text", "the building concerned"),
    Column("entry_id", "text", "the register entry concerned"),
    Column("subdistrict_code", "text", "its subdistrict"),
    Column("households", "integer", "households concerned, where known"),
    Column("floor_area_m2", "number", "floor area concerned, where known", "m²"),
    Column("ground_area_m2", "number", "ground concerned", "m²"),
    Column("note_zh", "text", "what is wrong, in Chinese", required=True),
    Column("note_en", "text", "what is wrong, in English", required=True),
    types=(*POLYGONS, "Point"),
    geometry_required=False,
)

CHANGES = _computed(
    "changes",
    "what differs from the last release",
    ("change", "subject_id"),
    Column(
        "change",
        "text",
        "what happened",
        required=True,
        values=(
            "area_new",
            "area_gone",
            "area_redrawn",
            "area_renamed",
            "building_moved",
            "building_new",
            "building_gone",
        ),
    ),
    Column("subject_id", "text", "the area or building", required=True),
    Column("before", "text", "as released"),
    Column("after", "text", "as computed now"),
)

CHECKS = _computed(
    "checks",
    "conservation and topology: a `fail` stops the hand-off",
    ("check",),
    Column("check", "text", "what is checked", required=True),
    Column("verdict", "text", "result", required=True, values=VERDICTS),
    Column("measured", "text", "what was found", required=True),
    Column("expected", "text", "what had to be", required=True),
    Column("note", "text", "what to do about it"),
)

RECONCILIATION = _computed(
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

REJECTS = _computed(
    "rejects",
    "every row that has no row of its own in a table, and why",
    ("source_file", "source_layer", "source_row", "reason", "input"),
    Column("input", "text", "the table it was meant for", required=True),
    Column("source_file", "text", "the raw file", required=True),
    SOURCE_LAYER,
    Column("source_row", "integer", "its row there, the first being 1", required=True),
    Column("record_id", "text", "its id, where it has one"),
    Column("reason", "text", "why, as a code (docs/rejects.md)", required=True),
    Column("detail", "text", "what exactly, and what to do"),
    Column("raw", "text", "the record as read, as JSON", required=True),
)

REPAIRS = _computed(
    "repairs",
    "what was mended in rows that were taken",
    ("source_file", "source_layer", "source_row", "repair", "input"),
    Column("input", "text", "the table that has the row", required=True),
    Column("source_file", "text", "the raw file", required=True),
    SOURCE_LAYER,
    Column("source_row", "integer", "its row there, the first being 1", required=True),
    Column("record_id", "text", "its id in the table"),
    Column("repair", "text", "what was done, as a code (docs/rejects.md)", required=True),
    Column(
        "area_before_m2", "number", "area before it; none: it enclosed nothing that could be measured", "m²"
    ),
    Column("area_after_m2", "number", "area after it", "m²"),
    Column("detail", "text", "what exactly"),
)

#: Inputs in the order they are ingested: later ones may look at earlier ones.
INPUTS: dict[str, Table] = {
    t.name: t
    for t in (
        SUBDISTRICTS,
        COMMUNITIES,
        BUILDINGS,
        BARRIERS,
        LAND,
        COMPOUNDS,
        REGISTER,
        ENTRIES,
        BOUNDARIES,
        DECISIONS,
        CONTRACTS,
        ASSESSMENTS,
        RELEASED_AREAS,
        RELEASED_MEMBERSHIP,
    )
}

TABLES: dict[str, Table] = INPUTS | {
    t.name: t
    for t in (
        *(MATCHED, MEMBERSHIP, BLOCKS, AREAS, EDGES, BOUNDS, AREA_REASONS),
        *(SERVICE, GAPS, CHANGES, CHECKS, RECONCILIATION, REJECTS, REPAIRS),
    )
}
