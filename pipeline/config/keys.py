"""What the TOML of a district may say: every key with its default, its unit and where that is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09", "auto")
#: Servers of map tiles; pipeline/publish/webmap/tiles.py says where they are.
TILES = ("openstreetmap", "tianditu", "amap")
#: Inputs that the datum of others can be fitted to.
TRUSTED = ("subdistricts", "communities", "buildings", "barriers")


@dataclass(frozen=True)
class District:
    """Which district this is."""

    code: str
    """GB/T 2260 code; area codes begin with it."""
    name_zh: str
    name_en: str
    crs: str
    """The district's own projected CRS, in metres, such as EPSG:4550."""
    as_of: date
    """The day the outputs speak of: contracts over by then are `expired`."""
    synthetic: bool = False
    """The data is invented; every page, table and picture says so."""
    source: str = ""
    """Where the data is from, as printed on the map."""


@dataclass(frozen=True)
class InputFile:
    """One raw file of one input table."""

    path: str
    """Relative to RAW: a file, a zip archive with one data set in it, or a folder (Shapefile, .gdb, parts of
    a GeoParquet).
    """
    columns: Mapping[str, str] = field(default_factory=dict)
    """Table column = column of the file. A column of the same name needs no entry."""
    constants: Mapping[str, object] = field(default_factory=dict)
    """Table column = one value for every row of the file."""
    values: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Table column → value of the table = values of the file that mean it; `"*"`: all others."""
    where: Mapping[str, object] = field(default_factory=dict)
    """Column of the file = the values of rows that are meant (`"*"`: any value); other rows are counted as
    not meant.
    """
    crs: str = ""
    """Overrides what the file says, or says what the file does not."""
    datum: str = "wgs84"
    """wgs84, cgcs2000 (the same within centimetres), gcj02 or bd09; auto: the one with which the file fits
    its reference.
    """
    reference: str = ""
    """Input that the datum is held against: subdistricts (if none is named), communities, buildings or
    barriers. The input that the file itself is of: the files listed above it."""
    x: str = ""
    """Longitude or easting column of a file without geometry."""
    y: str = ""
    layer: str = ""
    """Layer of a file that has several, or data set of an archive or folder that has several
    (`"a.gpkg/houses"`: both).
    """
    encoding: str = ""
    sheet: str = ""
    optional: bool = False
    """The file may not be there (yet), such as decisions nobody has taken so far."""


@dataclass(frozen=True)
class Declared:
    """Declared totals. Computed ones are compared with them; no rule is fitted to them."""

    source: str = ""
    subdistricts: int | None = None
    areas: int | None = None
    register_entries: int | None = None
    floor_area_m2: float | None = None
    contracts_signed_share: float | None = None
    management_units: int | None = None
    assessed_quarters: int | None = None
    service_rooms: int | None = None
    office_rooms: int | None = None
    first_batch_projects: int | None = None
    first_batch_buildings: int | None = None
    first_batch_floor_area_m2: float | None = None
    survey_households: int | None = None
    survey_agree: int | None = None
    survey_refuse: int | None = None
    survey_no_opinion: int | None = None
    survey_agree_share: float | None = None
    tolerance_share: float = 0.01
    """Relative difference still called equal."""


@dataclass(frozen=True)
class PlaceRules:
    """Which subdistrict and community a building stands in."""

    beside_m: float = 16.0
    """A building whose middle lies in none of them counts to the one that has the largest share of it, else
    to the nearest, if that is not farther than this: half of an arterial's reserve
    (rules.delineate.road_half_width_m), which is what outlines that are drawn along both kerbs instead of the
    middle leave open to each side."""


@dataclass(frozen=True)
class MatchRules:
    """Register entry → footprints."""

    point_reach_m: float = 300.0
    """An entry known by a point takes no building farther than this along the neighbour graph."""
    address_confidence: float = 0.9
    road_likeness_min: float = 0.6
    """A road's name is never read as one less like it (1 − edits ÷ length); one that is not the same has to
    be confirmed by the number of buildings (pipeline/parsing/address_matching.py), and lowers the confidence
    to its share."""
    road_likeness_margin: float = 0.1
    """Nor as one, if another is like it to within this."""
    point_confidence: float = 0.6


@dataclass(frozen=True)
class GroupRules:
    """Which buildings form one area."""

    target_count: int | None = None
    """Exactly this many areas in the whole district; none: as many as the register has."""
    reach_m: float = 120.0
    """Buildings whose facades are farther apart are no neighbours, but where a number of areas is given."""
    crossing_cost_m: Mapping[str, float] = field(
        default_factory=lambda: {
            "railway": float("inf"),
            "water": float("inf"),
            "arterial": float("inf"),
            "collector": 120.0,
            "local": 60.0,
            "wall": 40.0,
            "lane": 15.0,
            "path": 5.0,
        }
    )
    """Metres of facade distance that crossing one counts for, by class; inf: never crossed."""
    own_street_cost_m: float = 25.0
    """What crossing a local street counts for that ends inside: a dead end, or a loop that hangs on the
    network by one stem, as an estate's own street does. As much as `local`: these are as any other."""
    courtyard_share: float = 0.25
    """Share of that which a lane or path counts for between buildings that face the same courtyard: there it
    is the area's own way.
    """
    unlike_cost_m: Mapping[str, float] = field(
        default_factory=lambda: {
            "community": 60.0,
            "owner_unit": 30.0,
            "year": 5.0,
            "floors": 0.0,
            "road": 0.0,
        }
    )
    """Metres that unlikeness counts for, where it is known of both buildings: another community (one
    community an area unless waived), another original owner unit, years of building 10 apart, floors 3 apart
    (less in proportion), another road in the address. 0: not weighed, because measured places spoke against
    it (docs/accuracy.md)."""
    floor_area_min_m2: float = 10_000.0
    """A remnant smaller than this is merged with a neighbour inside the same roads (as provinces rule)."""
    floor_area_max_m2: float = 100_000.0
    """No area should be larger than this, the largest that provinces set for a whole quarter."""
    size_cost_m: Mapping[str, float] = field(default_factory=lambda: {"remnant": 10.0, "oversize": 60.0})
    """What these two rules weigh, in metres of facade distance: up to so much for the smallest remnant, so
    much for twice the largest floor area. 0: the rule is off. They apply where the floor area of most
    buildings is known."""


@dataclass(frozen=True)
class DelineateRules:
    """The ground an area owns."""

    reach_m: float = 30.0
    """Ground farther from every building of the area is not the area's, but for bays narrower than this and
    courtyards.
    """
    courtyard_max_m2: float = 10_000.0
    """Ground that an area's buildings surround is the area's even beyond reach, unless it is larger than
    this.
    """
    road_half_width_m: Mapping[str, float] = field(
        default_factory=lambda: {
            "railway": 12.0,
            "arterial": 16.0,
            "collector": 10.0,
            "local": 6.0,
            "lane": 0.0,
            "path": 0.0,
            "wall": 0.0,
            "water": 5.0,
        }
    )
    """Public ground to each side of a centre line that has no width of its own, by class; 0: not public."""
    part_min_m2: float = 20.0
    """Ground between streets, water and public land that is smaller than this is no block."""
    pocket_max_m2: float = 800.0
    """Enclosed empty ground beyond everybody's reach goes to the area beside it if smaller than this, else is
    a gap.
    """


@dataclass(frozen=True)
class GapRules:
    """When something counts as a gap."""

    uncovered_ground_min_m2: float = 800.0
    """Uncovered residential ground smaller than this is not reported."""
    contested_ground_min_m2: float = 5.0
    """Overlap of two hand-drawn boundaries smaller than this is a drawing error, not a dispute."""
    emergency_months: int = 6
    """An emergency arrangement ends after this (the limit several cities set)."""
    pass_mark: float = 60.0


@dataclass(frozen=True)
class ServiceRules:
    """Assessment and eligibility."""

    points: Mapping[str, float] = field(
        default_factory=lambda: {
            "repair": 30.0,
            "order": 25.0,
            "cleaning": 20.0,
            "greening": 10.0,
            "records": 15.0,
        }
    )
    """Points to be had, of 100: repair 30 and order 25 as other districts set them; how the rest is split is
    assumed.
    """
    privatised_share_min: float = 0.5
    """Above this an owners' assembly is possible (物业管理条例)."""


@dataclass(frozen=True)
class Rules:
    """Every rule of the domain that has a number, by the stage that applies it."""

    place: PlaceRules = PlaceRules()
    match: MatchRules = MatchRules()
    group: GroupRules = GroupRules()
    delineate: DelineateRules = DelineateRules()
    gaps: GapRules = GapRules()
    service: ServiceRules = ServiceRules()


@dataclass(frozen=True)
class Limits:
    """What a raw file may cost: beyond these it is taken for damaged or hostile. Far above what a district
    needs.
    """

    file_max_bytes: int = 4_000_000_000
    """A larger file, or a folder whose files come to more, is refused."""
    unpacked_max_bytes: int = 4_000_000_000
    """A zip archive that unpacks to more is refused."""
    unpacked_max_files: int = 2_000
    """A zip archive or a folder with more files is refused."""
    unpack_ratio_max: float = 200.0
    """A zip archive, or a member of one, that unpacks to more than this many times its packed size is
    refused; text packs 5 to 50 times.
    """
    read_max_seconds: float = 60.0
    """Reading a file is stopped after so long, and a second more for each megabyte of it (of what is packed:
    100 kB); the slowest format gives 2 MB a second, most 15 to 100 (make bench-ingest)."""
    memory_max_bytes: int = 4_000_000_000
    """Taking in an input is stopped when it takes more memory; 100,000 footprints take 0.4 GB, a million
    under 3 (make bench-ingest).
    """
    rows_max: int = 10_000_000
    """A layer with more rows is refused."""
    columns_max: int = 1_000
    """A table with more columns is refused."""
    text_max_characters: int = 10_000
    """Longer text in one cell is cut there."""
    vertices_max: int = 100_000
    """A row whose shape has more is rejected."""


@dataclass(frozen=True)
class MapOptions:
    """What the map may ask the network for. By default nothing, and the page forbids itself everything."""

    tiles: str = ""
    """A ground map from the network under the areas: openstreetmap, tianditu or amap."""
    tiles_key: str = ""
    """The key of your account there, which Tianditu asks for. Whoever has the map can read it."""
