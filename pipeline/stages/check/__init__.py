"""Does it all add up? Conservation of rows and buildings, topology of the areas, and decisions kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.config import GroupRules, InputFile, MatchRules
from pipeline.conflation import coverage_faults
from pipeline.domain.adjacency_cost import pieces
from pipeline.domain.barriers import in_several_places, on_both_sides, under_buildings
from pipeline.geometry.overlay import difference_of, union_by
from pipeline.georeferencing import datum_detection
from pipeline.parsing.address_matching import UNREAD, find_doors
from pipeline.raw import intake_log
from pipeline.stages.check.decided import decided
from pipeline.stages.check.rows import Row, few, near
from pipeline.stages.check.rows import row as _row
from pipeline.tables import CHECKS, LIST_SEPARATORS, conform

OVERLAP_M2 = 0.01
"""Areas that share less ground than this do not overlap: it is rounding (1 cm over a metre of line)."""
BESIDE_DRAWN_M = 0.2
"""Where a line ends at a drawn boundary others may end this short of it, so a footprint it cuts lacks this
more (delineate).
"""


def check(
    intakes: pd.DataFrame,
    rejects: pd.DataFrame,
    buildings: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    matched: pd.DataFrame,
    blocks: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    *,
    register: gpd.GeoDataFrame,
    entries: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    decisions: pd.DataFrame,
    subdistricts: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    target_count: int | None,
    match_rules: MatchRules,
    group_rules: GroupRules,
    placed: Mapping[str, gpd.GeoDataFrame] | None = None,
    of_areas: Mapping[str, pd.DataFrame] | None = None,
    files: Mapping[str, Sequence[InputFile]] | None = None,
    as_of: date | None = None,
) -> pd.DataFrame:
    """CHECKS rows, each with what was measured and what had to be. `fail` stops the hand-off; `warn` wants a
    look.

    intakes: one row an entry of the configuration (input, and what Intake.log says). placed: inputs by name
    whose datum is held against the buildings. of_areas: inputs by name whose rows are about areas (area_id).
    files: the entries of the configuration by input. as_of: the day of the data; none: not known.
    """
    intakes = intakes.assign(title=intake_log.titles(intakes))
    rows = [
        *_rows_conserved(intakes, rejects),
        *_datums_doubted(intakes, placed or {}, buildings),
        *_overlaps_kept(intakes),
        *_read_with_doubt(intakes),
        *_without_rows(intakes),
        *_none_meant(intakes),
        *_beside(intakes),
        *_outlines_fit("subdistricts", subdistricts, "subdistrict_code"),
        *_outlines_fit("communities", (placed or {}).get("communities"), "community_code"),
        _buildings_conserved(buildings, membership),
        _one_holder(membership),
        *_areas_known(membership, areas, register, boundaries),
        _count(areas, membership, register, target_count),
        *_topology(areas, blocks, buildings, membership, boundaries, subdistricts),
        *_sides(areas, buildings, membership, barriers, group_rules),
        *decided(
            decisions,
            boundaries,
            rejects,
            files or {},
            register=register,
            membership=membership,
            areas=areas,
            buildings=buildings,
            as_of=as_of,
        ),
        *_entries_known(entries, register, boundaries, buildings),
        *_areas_named(of_areas or {}, areas),
        _entries_overruled(entries, matched, membership),
        *_addresses_read(find_doors(buildings, entries, register, barriers, rules=match_rules).doubts),
    ]
    return conform(pd.DataFrame(rows), CHECKS)


def _rows_conserved(intakes: pd.DataFrame, rejects: pd.DataFrame) -> list[dict[str, str | None]]:
    rows, had = [], Counter[tuple[str, str, str]]()
    for file in intakes.itertuples():
        own = file.rows_taken + file.rows_merged + file.rows_rejected
        listed = int((intake_log.of_entry(rejects, file) & rejects["input"].eq(file.input)).sum())
        parts = (
            f"{file.rows_taken} taken, {file.rows_merged} merged, {file.rows_rejected} rejected,"
            f" {file.rows_not_meant} not meant"
        )
        parts += f" ({file.rows_before} of them an earlier entry's)" if file.rows_before else ""
        name = f"rows_conserved:{file.input}:{file.title}"
        # What an earlier entry has is only set aside where that entry, for the same layer, has so many rows.
        layer = (file.input, file.file, "" if pd.isna(file.layer) else file.layer)
        ok = own + file.rows_not_meant == file.rows_read and listed == file.rows_rejected + file.rows_merged
        ok &= file.rows_before <= had[layer] <= file.rows_read - own
        had[layer] += own
        rows.append(
            _row(
                name,
                ok,
                f"{parts}; {listed} in rejects",
                f"{file.rows_read} read",
                "rows were lost: report this as a defect",
            )
        )
        if ok and file.rows_rejected:
            rows.append(
                _row(
                    f"rows_rejected:{file.input}:{file.title}",
                    False,
                    f"{file.rows_rejected}",
                    "0",
                    "see rejects.csv",
                    otherwise="warn",
                )
            )
    return rows


def _datums_doubted(
    intakes: pd.DataFrame, placed: Mapping[str, gpd.GeoDataFrame], buildings: gpd.GeoDataFrame
) -> list[dict[str, str | None]]:
    """Files that would fit what they were held against clearly better in another datum than the stated
    one.
    """
    rows = []
    for file in intakes.dropna(subset=["datum"]).itertuples():
        said = str(file.datum_doubt)
        if not said and file.input in placed and len(buildings):
            table = placed[file.input]
            geometry = table.geometry[intake_log.of_entry(table, file)].to_numpy()
            said = datum_detection.doubt(
                datum_detection.fit(geometry, file.input, buildings, "buildings", placed_as=file.datum),
                file.datum,
            )
        if said:
            note = (
                "set datum in the configuration, unless it is the other file that is wrong: see"
                " docs/coordinates.md"
            )
            rows.append(
                _row(
                    f"datum_doubtful:{file.input}:{file.title}",
                    False,
                    said,
                    f"datum {file.datum}",
                    note,
                    otherwise="warn",
                )
            )
    return rows


def _overlaps_kept(intakes: pd.DataFrame) -> list[dict[str, str | None]]:
    """Files with footprints that overlap without being one building: both are taken, and one may be drawn
    wrong.
    """
    note = (
        "look at the pair: an old outline, or a roof drawn over its neighbour, is taken out of the file; see"
        " docs/rejects.md"
    )
    return [
        _row(
            f"footprints_overlap:{file.input}:{file.title}",
            False,
            file.overlaps,
            "none",
            note,
            otherwise="warn",
        )
        for file in intakes.dropna(subset=["overlaps"]).itertuples()
    ]


def _read_with_doubt(intakes: pd.DataFrame) -> list[dict[str, str | None]]:
    """Files with text or values that could be read in several ways, or not at all."""
    note = (
        "compare with whoever made the file: state what is right (encoding, values), or mend the rows; see"
        " docs/formats.md"
    )
    return [
        _row(f"read_with_doubt:{file.input}:{file.title}", False, file.doubts, "none", note, otherwise="warn")
        for file in intakes.dropna(subset=["doubts"]).itertuples()
    ]


def _without_rows(intakes: pd.DataFrame) -> list[Row]:
    """Files with a header and no rows, of inputs that are not empty as a rule; people may have decided and
    drawn nothing.
    """
    none = intakes["rows_read"].eq(0) & ~intakes["input"].isin(["decisions", "boundaries"])
    note = "taken as none: if there are some, export the file again"
    return [
        _row(f"file_has_rows:{file.input}:{file.title}", False, "no rows", "rows", note, "warn")
        for file in intakes[none].itertuples()
    ]


def _none_meant(intakes: pd.DataFrame) -> list[Row]:
    """Entries whose `where` no row of the file answers to: a value written otherwise looks the same as none
    there.
    """
    none = intakes[
        intakes["rows_read"].gt(0)
        & intakes["rows_not_meant"].eq(intakes["rows_read"])
        & intakes["rows_before"].eq(0)
    ]
    note = (
        "no row has a value that where asks for: compare them letter by letter (inspect shows them), unless"
        " the file has none of these"
    )
    return [
        _row(
            f"rows_meant:{file.input}:{file.title}",
            False,
            f"none of {file.rows_read} rows",
            "rows",
            note,
            "warn",
        )
        for file in none.itertuples()
    ]


def _beside(intakes: pd.DataFrame) -> list[dict[str, str | None]]:
    """Files with buildings that stand in no subdistrict or community, and count to one beside them."""
    note = (
        "mend the outlines, or take buildings of other districts out of the file; rules.place.beside_m says"
        " how far off one may be"
    )
    return [
        _row(f"stands_beside:{file.input}:{file.title}", False, file.beside, "none", note, otherwise="warn")
        for file in intakes.dropna(subset=["beside"]).itertuples()
    ]


def _outlines_fit(name: str, polygons: gpd.GeoDataFrame | None, code: str) -> list[dict[str, str | None]]:
    if polygons is None or polygons.empty:
        return []
    note = "draw neighbours along one line: until then a building there counts to the {}"
    gaps, overlaps = coverage_faults.left_open(polygons), coverage_faults.covered_twice(polygons, code)
    return [
        _row(f"{name}_leave_no_gaps", not gaps, gaps or "none", "none", note.format("nearest"), "warn"),
        _row(
            f"{name}_do_not_overlap",
            not overlaps,
            overlaps or "none",
            "none",
            note.format("lower code"),
            "warn",
        ),
    ]


def _buildings_conserved(buildings: gpd.GeoDataFrame, membership: pd.DataFrame) -> dict[str, str | None]:
    residential = set(buildings["building_id"][buildings["use"].eq("residential")])
    placed = set(membership["building_id"])
    lost, added = len(residential - placed), len(placed - residential)
    doubled = len(membership) - len(placed)
    measured = f"{lost} lost, {added} too many, {doubled} doubled"
    return _row(
        "buildings_conserved",
        not (lost or added or doubled),
        measured,
        f"each of {len(residential)} residential buildings once",
    )


def _one_holder(membership: pd.DataFrame) -> dict[str, str | None]:
    holders = membership[["area_id", "compound_id", "gap"]].notna().sum(axis=1)
    return _row(
        "one_holder",
        holders.eq(1).all(),
        f"{int(holders.ne(1).sum())} otherwise",
        "an area, another manager, or a gap reason",
    )


def _areas_known(
    membership: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    register: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
) -> list[Row]:
    there = set(areas["area_id"])
    unknown = sorted(set(membership["area_id"].dropna()) - there)
    lost = sorted({*register["area_id"], *boundaries["area_id"]} - there)
    bare = areas["area_id"][
        (areas.geometry.isna() | areas.geometry.is_empty) & areas["area_id"].isin(membership["area_id"])
    ]
    by_hand = "warn" if len(boundaries) else "fail"
    return [
        _row(
            "areas_known",
            not unknown,
            ", ".join(unknown[:5]) or "none",
            "no building in an area that is not there",
        ),
        _row(
            "areas_conserved",
            not lost,
            f"{len(lost)} lost: {few(lost)}" if lost else "0 lost",
            "every area that is registered or drawn",
        ),
        _row(
            "areas_have_ground",
            bare.empty,
            f"{len(bare)} without: {few(bare.tolist())}" if len(bare) else "0 without",
            "ground for every area with buildings",
            "all of it is within another area's boundary" if len(boundaries) else "report this as a defect",
            by_hand,
        ),
    ]


def _count(
    areas: gpd.GeoDataFrame, membership: pd.DataFrame, register: gpd.GeoDataFrame, target: int | None
) -> Row:
    if target is None:
        return _row("areas_counted", True, len(areas), "no target set")
    proposed = areas["origin"].eq("proposal")
    if len(areas) > target:
        # what is registered, or settled by people with buildings in it, counts before anything is proposed
        settled = ~proposed & (
            areas["area_id"].isin(register["area_id"]) | areas["area_id"].isin(membership["area_id"])
        )
        by_people = proposed.sum() <= max(0, target - settled.sum())
        note = (
            "more areas are registered or drawn than the target"
            if by_people
            else "more are proposed than wanted: report this as a defect"
        )
        return _row("areas_counted", False, len(areas), target, note, "warn" if by_people else "fail")
    wanted = target - int((~proposed).sum())
    few_left = "warn" if membership["method"].isin(["group", "none"]).sum() < wanted else "fail"
    return _row(
        "areas_counted",
        len(areas) == target,
        len(areas),
        target,
        "too few buildings are left to make so many areas",
        few_left,
    )


def _topology(
    areas: gpd.GeoDataFrame,
    blocks: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    boundaries: gpd.GeoDataFrame,
    subdistricts: gpd.GeoDataFrame,
) -> list[dict[str, str | None]]:
    """What a person drew is obeyed even where it overlaps or cuts a building, and only wants a look; the rest
    has to fit.
    """
    located = areas[~(areas.geometry.isna() | areas.geometry.is_empty)]
    drawn = located["area_id"].isin(boundaries["area_id"]).to_numpy()
    ground = located.geometry.to_numpy()
    computed = ground[~drawn]
    invalid = int((~shapely.is_valid(ground)).sum())
    # an invalid one is said in a row of its own, and stops no other
    whole = located.set_geometry(shapely.make_valid(ground))
    left, right = shapely.STRtree(ground).query(ground, predicate="intersects")
    left, right = left[left < right], right[left < right]
    shared = shapely.area(
        shapely.intersection(shapely.make_valid(ground[left]), shapely.make_valid(ground[right]))
    )
    overlap, both_drawn = shared > OVERLAP_M2, drawn[left] & drawn[right]
    total, union = (
        float(shapely.area(computed).sum()),
        float(shapely.area(shapely.union_all(shapely.make_valid(computed)))),
    )
    clear = np.ones(len(ground), dtype=bool)
    clear[np.concatenate([left[overlap & both_drawn], right[overlap & both_drawn]])] = False
    unmatched = int((~shapely.is_empty(shapely.coverage_invalid_edges(ground[clear]))).sum())
    outside, cut_off = _outside_members(whole, buildings, membership, drawn)
    strayed = _outside(whole.geometry.to_numpy()[~drawn], blocks.geometry.to_numpy(), buildings)
    abroad = _outside_subdistrict(whole[~drawn], subdistricts, buildings)
    return [
        _row("areas_valid", invalid == 0, f"{invalid} invalid", "every area a valid polygon"),
        _row(
            "areas_disjoint",
            not (overlap & ~both_drawn).any(),
            f"{int((overlap & ~both_drawn).sum())} pairs overlap",
            "none",
        ),
        _row(
            "drawn_disjoint",
            not (overlap & both_drawn).any(),
            f"{int((overlap & both_drawn).sum())} pairs overlap",
            "none",
            "see gaps",
            "warn",
        ),
        _row(
            "areas_sum",
            abs(total - union) <= OVERLAP_M2 * len(computed),
            f"parts {total:.2f} m², union {union:.2f} m²",
            "the same",
        ),
        _row(
            "areas_coverage",
            unmatched == 0,
            f"{unmatched} areas with unmatched edges",
            "shared edges identical vertex by vertex",
        ),
        _row(
            "members_inside",
            outside.empty,
            f"{len(outside)} footprints reach out of their area: {_few(outside)}",
            "0",
            "a defect of this program: report it with these rows; until then decide on the map which area"
            " each belongs to, or draw it",
        ),
        _row(
            "drawn_members_inside",
            cut_off.empty,
            f"{len(cut_off)} footprints reach out of their area: {_few(cut_off)}",
            "0",
            "a drawn boundary cuts a building, or a decision names one outside it",
            "warn",
        ),
        _row(
            "areas_off_public_ground",
            strayed <= 1.0,
            f"{strayed:.1f} m² on public ground",
            "0, but for footprints that stand there",
        ),
        _row(
            "areas_in_one_subdistrict",
            abroad <= 1.0,
            f"{abroad:.1f} m² in another subdistrict",
            "0, but for footprints that stand there",
        ),
    ]


def _outside_members(
    areas: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, membership: pd.DataFrame, drawn: np.ndarray
) -> tuple[pd.Series, pd.Series]:
    """The footprints that their area does not hold whole, but for what the footprint of another area's also
    covers.

    Apart from those, which are so because a person drew a boundary: that of their area, or that of another
    where they stand.
    """
    columns = ["building_id", "source_file", "source_row", "geometry"]
    members = membership.dropna(subset="area_id").merge(pd.DataFrame(buildings[columns]), on="building_id")
    position = (
        pd.Series(np.arange(len(areas)), index=areas["area_id"].to_numpy())
        .reindex(members["area_id"])
        .to_numpy()
    )
    known = ~np.isnan(position)
    area = position[known].astype(int)
    # Footprints that stand wall to wall share a line on the grid of the areas: it may be off by that grid's 5
    # cm.
    footprints = members["geometry"].to_numpy()[known]
    one, other = shapely.STRtree(footprints).query(footprints, predicate="intersects")
    rival = area[one] != area[other]
    shared = union_by(footprints[other[rival]], one[rival], len(footprints))
    whole = shapely.buffer(shapely.difference(footprints, shared), -0.05, join_style="mitre")
    ground = areas.geometry.to_numpy()
    rest = shapely.difference(whole, ground[area])
    held, holder = shapely.buffer(ground[drawn], BESIDE_DRAWN_M, join_style="mitre"), np.flatnonzero(drawn)
    one, other = shapely.STRtree(held).query(whole, predicate="intersects")
    rival = area[one] != holder[other]
    beside = shapely.difference(rest, union_by(held[other[rival]], one[rival], len(whole)))
    cut = shapely.area(rest) > OVERLAP_M2
    by_hand = cut & (drawn[area] | (shapely.area(beside) <= OVERLAP_M2))
    names = _rows_of(members[known])
    return names[cut & ~by_hand], names[by_hand]


def _outside(ground: np.ndarray, allowed: np.ndarray, buildings: gpd.GeoDataFrame) -> float:
    """Ground neither on what is allowed nor on a footprint (and the 20 cm its wall may need), in m²."""
    rest = difference_of(
        ground,
        np.concatenate([allowed, shapely.buffer(buildings.geometry.to_numpy(), 0.2, join_style="mitre")]),
    )
    return float(shapely.area(shapely.buffer(rest, -0.05)).sum())


def _outside_subdistrict(
    areas: gpd.GeoDataFrame, subdistricts: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame
) -> float:
    if subdistricts.empty or areas.empty:
        return 0.0
    at = pd.Index(subdistricts["subdistrict_code"]).get_indexer(pd.Index(areas["subdistrict_code"]))
    ground, offices = areas.geometry.to_numpy(), subdistricts.geometry.to_numpy()
    # an area that names none, or one that is not there, has to be in one all the same
    for i in np.flatnonzero(at < 0):
        at[i] = np.argmax(shapely.area(shapely.intersection(ground[i], offices)))
    return _outside(shapely.difference(ground, offices[at]), np.array([], dtype=object), buildings)


def _sides(
    areas: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    barriers: gpd.GeoDataFrame,
    rules: GroupRules,
) -> list[dict[str, str | None]]:
    """Nothing on both sides of a hard barrier, but what a person put there or a target leaves no way round;
    no street through houses.
    """
    homes = buildings[buildings["use"].eq("residential")]
    homes = homes.merge(membership[["building_id", "area_id"]].dropna(), on="building_id")
    across = pd.Series(
        on_both_sides(homes, homes["area_id"].to_numpy(dtype=object), barriers, rules), dtype="str"
    )
    proposals = set(areas["area_id"][areas["origin"].eq("proposal")])
    wrong, meant = across[across.isin(proposals)], across[~across.isin(proposals)]
    needed = pieces(homes[homes["area_id"].isin(proposals)], barriers, rules) if len(wrong) else 0
    kinds = ", ".join(sorted(kind for kind, cost in rules.crossing_cost_m.items() if np.isinf(cost)))
    expected = f"none on both sides of a hard barrier ({kinds})"
    note = "decide on the map which area the buildings of one side belong to, or accept the area as it is"
    if needed > len(proposals):
        note = (
            "so few areas are left by target_count that the nearest are joined: it has to be"
            f" {needed - len(proposals)} more to end that"
        )
    apart = homes[in_several_places(homes, barriers, rules)]
    under = pd.Series(under_buildings(barriers, buildings), dtype="str")
    return [
        _row(
            "areas_on_one_side",
            wrong.empty,
            _few(wrong),
            expected,
            note,
            "warn" if needed > len(proposals) else "fail",
        ),
        _row(
            "decided_on_one_side",
            meant.empty,
            _few(meant),
            expected,
            "the register, a decision or a drawn boundary has it so: correct it if it is not meant",
            "warn",
        ),
        _row(
            "buildings_in_one_place",
            apart.empty,
            _few(_rows_of(apart)),
            f"none with parts on both sides of a hard barrier, or over {rules.reach_m:g} m apart",
            "each counts where most of it stands; if one is several buildings, give each a row of its own",
            "warn",
        ),
        _row(
            "barriers_under_buildings",
            under.empty,
            _few(under),
            "none that runs under three footprints or more",
            "a tunnel? Map tunnel, covered or layer of barriers, or set grade (docs/formats.md); else one of"
            " the two is drawn wrong",
            "warn",
        ),
    ]


def _rows_of(buildings: pd.DataFrame) -> pd.Series:
    """What each building is called, and where it is from."""
    return (
        buildings["building_id"]
        + " ("
        + buildings["source_file"]
        + ", row "
        + buildings["source_row"].astype("str")
        + ")"
    )


def _few(names: pd.Series) -> str:
    """The first five names, and how many more there are."""
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(sorted(names)[:5]) + more or "none"


def _entries_known(
    entries: gpd.GeoDataFrame,
    register: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
) -> list[dict[str, str | None]]:
    known = [*register["area_id"], *boundaries["area_id"]]
    listed = entries["building_ids"].dropna().str.split(LIST_SEPARATORS, regex=True).explode()
    listed, ids = listed[listed.ne("")], buildings["building_id"].tolist()
    return [
        _named(
            "entries_of_known_areas",
            entries["area_id"][~entries["area_id"].isin(known)],
            known,
            "correct the area_id",
            "warn",
        ),
        _named(
            "entries_on_known_buildings",
            listed[~listed.isin(buildings["building_id"])],
            ids,
            "correct the building_ids",
            "warn",
        ),
    ]


def _areas_named(
    of_areas: Mapping[str, pd.DataFrame], areas: gpd.GeoDataFrame
) -> list[dict[str, str | None]]:
    """Inputs with rows about areas that are not there: they say nothing of any area."""
    known = areas["area_id"].tolist()
    return [
        _named(
            f"{name}_of_known_areas",
            table["area_id"][~table["area_id"].isin(known)],
            known,
            "correct the area_id",
            "warn",
        )
        for name, table in of_areas.items()
    ]


def _entries_overruled(
    entries: gpd.GeoDataFrame, matched: pd.DataFrame, membership: pd.DataFrame
) -> dict[str, str | None]:
    """Entries that lead to buildings, all of which another area or a compound holds with a better right: no
    gap, but worth a look.
    """
    holder = (
        membership.set_index("building_id")["area_id"].reindex(matched["building_id"]).fillna("").to_numpy()
    )
    led = [
        (entry, now)
        for listed, now in zip(matched["named_by"].fillna("[]"), holder, strict=True)
        for entry in json.loads(listed)
    ]
    area = dict(zip(entries["entry_id"], entries["area_id"], strict=True))
    own = {entry for entry, now in led if now == area.get(entry)}
    lost = pd.Series([entry for entry, _ in led if entry not in own], dtype="str")
    remedy = (
        "look at the buildings it leads to: another area or a compound has them all; correct the entry, or"
        " decide"
    )
    return _named("entries_overruled", lost, [], remedy, "warn")


def _addresses_read(doubts: pd.DataFrame) -> list[dict[str, str | None]]:
    """Entries with an address, or a piece of one, that was read loosely or not at all, the first five with
    what it is about.
    """
    rows = []
    alike = doubts["read_as"] + " (" + doubts["likeness"].map("{:.2f}".format).astype("str") + ")"
    loose = doubts["why"].eq("loose")
    said = (
        doubts["piece"].str.slice(0, 40)
        + ": "
        + doubts["why"].map(UNREAD).astype("str")
        + (", perhaps " + alike).fillna("")
    )
    said = said.mask(loose, doubts["piece"].str.slice(0, 40) + " read as " + alike)
    for name, chosen, remedy in (
        ("addresses_read_loosely", loose, "look at them, and correct the address or give building_ids"),
        (
            "addresses_unread",
            ~loose,
            "correct the address, or give road and door_number, building_ids or a point (docs/addresses.md)",
        ),
    ):
        entries = doubts["entry_id"][chosen].nunique()
        first = "; ".join((doubts["entry_id"] + " " + said)[chosen].drop_duplicates().head(5))
        rows.append(_row(name, not entries, f"{entries} entries", "0", f"{first}: {remedy}", "warn"))
    return rows


def _named(
    name: str, unknown: pd.Series, known: list[str], remedy: str, otherwise: str = "fail"
) -> dict[str, str | None]:
    """A row that names what is unknown, and what was probably meant by the first."""
    names = sorted(set(unknown))
    meant = near(names[0], known) if names else ""
    note = f"{names[0]}: did you mean {meant}? Else {remedy}" if meant else remedy
    return _row(
        name,
        not names,
        ", ".join(names[:5]) + (", …" if len(names) > 5 else "") or "none unknown",
        "none unknown",
        note,
        otherwise,
    )
