"""The tables that stages make, in that order: what belongs to which area, its ground, and what is wrong."""

from __future__ import annotations

from pipeline.tables.enumerations import (
    ADDRESS_DOUBTS,
    CONTRACT_KINDS,
    FACES,
    FOLLOWS,
    GAP_KINDS,
    HOLDER_GAPS,
    MANAGER_KINDS,
    MATCH_METHODS,
    MODES,
    ORIGINS,
    REASON_PARTS,
    REASONS,
    SIDES,
    STATUSES,
    meanings,
)
from pipeline.tables.schema import (
    POLYGONS,
    Column,
    computed_table,
)

_PLACED = (
    Column("building_id", "text", "the building", required=True, references="buildings"),
    Column("subdistrict_code", "text", "the subdistrict it stands in"),
    Column("area_id", "text", "its area", references="areas"),
    Column("compound_id", "text", "or the compound whose manager it has", references="compounds"),
    Column("gap", "text", "or why it has neither", values=HOLDER_GAPS),
    Column("method", "text", "how that was found", required=True, values=MATCH_METHODS),
    Column("confidence", "number", "how sure; 1: a person said so", required=True, at_least=0, at_most=1),
    Column("entry_id", "text", "the register entry it was found by", references="entries"),
    Column("runner_up_area_id", "text", "the next best area"),
    Column("runner_up_confidence", "number", "how sure that would be", at_least=0, at_most=1),
    Column("contested", "flag", "two areas claim it with equal right", required=True),
)

LINKS = computed_table(
    "links",
    "residential buildings that face each other, and what it costs to have both in one area",
    ("building_id_a", "building_id_b"),
    Column("building_id_a", "text", "the one building", required=True, references="buildings"),
    Column("building_id_b", "text", "and the other", required=True, references="buildings"),
    Column("distance_m", "number", "from facade to facade", "m", required=True, at_least=0),
    Column("barrier_id", "text", "the barrier between them that costs most to cross", references="barriers"),
    Column("courtyard", "flag", "both face the same courtyard", required=True),
    Column("hard", "flag", "a barrier between them must not be crossed", required=True),
    Column("cost_m", "number", "what it costs to have both in one area", "m", required=True, at_least=0),
)

ADDRESSES = computed_table(
    "addresses",
    "what the address of each register entry led to: a building, or a piece that led nowhere or only loosely",
    ("entry_id", "building_id", "piece"),
    Column("entry_id", "text", "the register entry", required=True, references="entries"),
    Column("building_id", "text", "a building that it names", references="buildings"),
    Column("piece", "text", "or a piece of the address that is in doubt"),
    Column("exact", "flag", "it names that very door, not the number that the door is within"),
    Column("likeness", "number", "how like the road's name is; 1: as it is written", at_least=0, at_most=1),
    Column("doubt", "text", "why the piece is in doubt", values=ADDRESS_DOUBTS),
    Column("read_as", "text", "what the piece was read as; none: as it is written, or nothing like it"),
)

MATCHED = computed_table(
    "matched",
    "membership as far as the register, drawn boundaries and decisions say",
    ("building_id",),
    *_PLACED,
    Column("named_by", "text", "every register entry that leads to it, whoever holds it, as a JSON list"),
)

MEMBERSHIP = computed_table(
    "membership",
    "every residential building: one area, one other manager, or one gap reason",
    ("building_id",),
    *_PLACED,
)

BLOCKS = computed_table(
    "blocks",
    "ground an area may own: land between streets, railways and water that is not public and not a compound",
    ("block_id",),
    Column("block_id", "text", "made from its place", required=True),
    Column("subdistrict_code", "text", "the subdistrict it lies in", references="subdistricts"),
    types=POLYGONS,
)

AREAS = computed_table(
    "areas",
    "property-management areas and the ground they own",
    ("area_id",),
    Column("area_id", "text", "code of the area", required=True),
    Column("name", "text", "name"),
    Column(
        "origin",
        "text",
        "where the area is from",
        required=True,
        values=ORIGINS,
    ),
    Column("subdistrict_code", "text", "its subdistrict"),
    Column("community_code", "text", "its community (that of most of its buildings)"),
    Column("n_buildings", "integer", "residential footprints in it", required=True, at_least=0),
    Column("households", "integer", "households in them, where known", at_least=0),
    Column("floor_area_m2", "number", "their floor area, where known", "m²", at_least=0),
    Column("ground_area_m2", "number", "geodesic area of its ground", "m²", required=True, at_least=0),
    Column("n_parts", "integer", "parts of its ground", required=True, at_least=0),
    types=POLYGONS,
    geometry_required=False,
)

EDGES = computed_table(
    "edges",
    "the boundary of each area, piece by piece: what each piece follows",
    ("area_id", "edge"),
    Column("area_id", "text", "the area", required=True, references="areas"),
    Column(
        "edge",
        "integer",
        "number of the piece, along each ring with the ground to the left, the outer rings first",
        required=True,
        at_least=1,
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
    Column(
        "neighbour_area_id",
        "text",
        "the area that it faces, or shares with a lane that it follows",
        references="areas",
    ),
    Column("length_m", "number", "its length", "m", required=True, at_least=0),
    types=("LineString",),
)

BOUNDS = computed_table(
    "bounds",
    "the four bounds of each area in words, and how well shaped its ground is",
    ("area_id",),
    Column("area_id", "text", "the area", required=True, references="areas"),
    Column("bounds_zh", "text", "its four bounds in words (四至)"),
    Column("bounds_en", "text", "its four bounds in words, in English"),
    Column("perimeter_m", "number", "length of its boundary, holes included", "m", at_least=0),
    Column(
        "compactness", "number", "4π · ground / perimeter²: 1 for a circle, 0.79 for a square", at_least=0
    ),
    Column(
        "followed_share",
        "number",
        "share of its boundary that follows something on the ground or in the record",
        at_least=0,
        at_most=1,
    ),
    Column(
        "oddity",
        "number",
        "how odd its shape is: parts, compactness and followed share together",
        at_least=0,
        at_most=1,
    ),
    Column(
        "oddity_rank",
        "integer",
        "1: the oddest of all; the first ten are for a person to look at",
        at_least=1,
    ),
)

AREA_REASONS = computed_table(
    "area_reasons",
    "why an area is one area: what holds it together, and what cuts it off from each neighbour",
    ("area_id", "part", "subject_id", "reason"),
    Column("area_id", "text", "the area", required=True, references="areas"),
    Column("part", "text", "what the reason is for", required=True, values=REASON_PARTS),
    Column(
        "subject_id",
        "text",
        "the neighbour it is cut off from; for `holds` the area itself",
        required=True,
        references="areas",
    ),
    Column("reason", "text", "the evidence", required=True, values=REASONS),
    Column(
        "rank",
        "integer",
        "the order to tell it in, within area and part; the neighbour that faces it most comes first",
        required=True,
        at_least=1,
    ),
    Column("name", "text", "name of the road, the owner unit, the community … that the reason is about"),
    Column(
        "value",
        "number",
        "its measure: m for distances, m² of floor area for size, else a share, 0 to 1",
        at_least=0,
    ),
    Column("confidence", "number", "how sure", required=True, at_least=0, at_most=1),
    Column("text_zh", "text", "the reason in words, in Chinese", required=True),
    Column("text_en", "text", "the reason in words, in English", required=True),
)

SERVICE = computed_table(
    "service",
    "contract against delivery, assessment, and the mode each area is eligible for",
    ("area_id",),
    Column("area_id", "text", "the area", required=True, references="areas"),
    Column(
        "status",
        "text",
        "promised and delivered, or not",
        required=True,
        values=STATUSES,
    ),
    Column("manager", "text", "its service unit"),
    Column("manager_kind", "text", "what the service unit is", values=MANAGER_KINDS),
    Column("contract_id", "text", "the contract in force, or the last one", references="contracts"),
    Column("contract_kind", "text", "what was signed", values=CONTRACT_KINDS),
    Column("starts_on", "date", "its first day"),
    Column("ends_on", "date", "its last day"),
    Column("quarter", "text", "the last quarter assessed"),
    Column("score", "number", "its score, of 100", "points", at_least=0),
    Column("missing_services", "text", "services with no points in that quarter, separated by ;"),
    Column("mode", "text", "mode of service today", values=MODES),
    Column("mode_eligible", "text", "the mode it is eligible for next", values=MODES),
    Column("mode_reason_zh", "text", "why, in Chinese"),
    Column("mode_reason_en", "text", "why, in English"),
)

GAPS = computed_table(
    "gaps",
    "what nobody owns, what two own, and what is owned on paper only",
    ("gap_id",),
    Column("gap_id", "text", "kind and subject", required=True),
    Column("kind", "text", "kind of gap", required=True, values=meanings(GAP_KINDS)),
    Column("priority", "integer", "1 first, 3 last", required=True, at_least=1, at_most=3),
    Column("area_id", "text", "the area concerned"),
    Column("building_id", "text", "the building concerned", references="buildings"),
    Column("entry_id", "text", "the register entry concerned", references="entries"),
    Column("subdistrict_code", "text", "its subdistrict"),
    Column("households", "integer", "households concerned, where known", at_least=0),
    Column("floor_area_m2", "number", "floor area concerned, where known", "m²", at_least=0),
    Column("ground_area_m2", "number", "ground concerned", "m²", at_least=0),
    Column("note_zh", "text", "what is wrong, in Chinese", required=True),
    Column("note_en", "text", "what is wrong, in English", required=True),
    types=(*POLYGONS, "Point"),
    geometry_required=False,
)
