"""What a column may hold where that is one of a few values: each value, in its order, with its meaning.

Everything else takes the values from here: validation, the configuration, the data dictionary, the map's
filters and lists. What planners read for a value, in Chinese and English, is in
pipeline/publish/webmap/strings.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class Meaning(Protocol):
    """What is declared of a value, its meaning among it."""

    @property
    def meaning(self) -> str:
        """What the value means."""
        ...


def meanings(values: Mapping[str, Meaning]) -> dict[str, str]:
    """The values, each with its meaning and nothing else.

    Parameters
    ----------
    values : mapping of str to Meaning
        Value → what is declared of it.

    Returns
    -------
    dict of str to str
        Value → its meaning, in the order given.
    """
    return {value: declared.meaning for value, declared in values.items()}


USES = {
    "residential": "homes, some of them over shops",
    "public": "a school, hospital, office of the state …",
    "commercial": "shops, offices, hotels, works",
    "auxiliary": "a shed, garage or plant room",
}

FLOOR_AREA_SOURCES = {
    "declared": "the source says so",
    "floors": "footprint × floors",
}

BARRIER_CLASSES = {
    "railway": "a railway, above ground or not",
    "water": "a river, canal or lake",
    "arterial": "主干路 (GB 50220)",
    "collector": "次干路 (GB 50220)",
    "local": "支路 (GB 50220)",
    "lane": "a lane or service road (巷)",
    "path": "a footpath, steps, a cycle track",
    "wall": "a wall or fence",
}

GRADES = {
    "surface": "on the ground",
    "underground": "in a tunnel or culvert",
    "elevated": "on a bridge or viaduct",
    "covered": "under a building or arcade",
}

LAND_KINDS = {
    "residential": "land for homes",
    "green": "park, square, shelter belt",
    "water": "river, lake, canal",
    "road": "land of roads and stations",
    "public": "schools, hospitals, offices",
    "other": "works, farmland, whatever else is no land for homes",
}

MANAGER_KINDS = {
    "company": "a professional company (物业企业)",
    "owner_unit": "the work unit that built or owned the buildings (原产权单位)",
    "state_owned": "a company of the state that takes over such quarters",
    "subdistrict": "the subdistrict office, for want of anybody else",
    "none": "nobody",
}

MODES = {
    "market": "a company, chosen and paid by the owners (市场化)",
    "self_management": "the owners themselves (业主自治)",
    "basic_guarantee": "the least service, guaranteed by the state (基础保障)",
}

MAINTENANCE_FUND_STATES = {
    "paid": "paid in",
    "short": "paid in in part",
    "none": "there is none",
    "unknown": "nobody knows",
}


class Service(NamedTuple):
    """One of the services that are assessed."""

    meaning: str
    zh: str
    """Its name in the Chinese notes of gaps."""


SERVICES = {
    "repair": Service("repair and upkeep of what is shared", "维修"),
    "order": Service("order and security: gates, patrols, parking", "秩序"),
    "cleaning": Service("cleaning and refuse", "保洁"),
    "greening": Service("care of trees and green", "绿化"),
    "records": Service("records kept and complaints answered", "档案与投诉"),
}

BOUNDARY_KINDS = {
    "red_line": "the planning permit's red line",
    "parcel": "the parcel of the land register",
    "hand_drawn": "drawn on the map by a planner",
}

DECISION_KINDS = {
    "move": "into an area that there is",
    "accept": "a proposed area is accepted, and the building is of it",
}

CONTRACT_KINDS = {
    "full": "all services",
    "repairs_only": "repair and nothing else",
    "emergency": "an emergency arrangement, for some months (应急托管)",
}

HOLDER_GAPS = {"uncovered_building": "no area and no other manager has it"}

ADDRESS_DOUBTS = {
    "loose": "read loosely: the road's name is only alike, or the door is within the number",
    "crossing": "roads that meet or bound, no door",
    "near": "near something, no door",
    "no_number": "no door number",
    "no_road": "no road",
    "unknown_road": "no such road",
    "no_such_door": "no building with that door",
    "two_ways": "a door of that road, or one within the number before it",
}

MATCH_METHODS = {
    "decision": "a person decided so",
    "building_id": "the register names the building",
    "boundary": "it stands in the boundary that a person drew",
    "address": "its address is of the register entry",
    "point": "it stands near the register entry's point",
    "group": "it was grouped with its neighbours",
    "compound": "it stands in a compound that somebody else manages",
    "none": "nothing places it",
}

ORIGINS = {
    "register": "the register has it",
    "boundary": "a person drew it",
    "decision": "a decision accepted a proposal",
    "proposal": "a proposal of this software",
}

SIDES = {
    "east": "东",
    "south": "南",
    "west": "西",
    "north": "北",
}

FOLLOWS = {
    "drawn": "a line that a person drew",
    "road": "the side of a road",
    "railway": "a railway",
    "water": "the edge of water",
    "public_land": "public land",
    "compound": "a compound that somebody else manages",
    "subdistrict_line": "the line between two subdistricts",
    "wall": "a wall or fence",
    "lane": "a lane or path",
    "parcel": "the line of a parcel of land",
    "midline": "nothing known on the ground: halfway between the buildings of two areas",
    "open_ground": "nothing known on the ground: as far as the area reaches",
}

FACES = {
    "area": "an area that shares the line",
    "area_beyond": "an area across open ground",
    "road": "a road",
    "railway": "a railway",
    "water": "water",
    "green": "public green",
    "public": "public land",
    "other": "other land that is no area's",
    "compound": "a compound that somebody else manages",
    "lane": "a lane or path",
    "subdistrict": "another subdistrict, or what lies beyond the district",
    "open_ground": "nothing known within sight",
}

REASON_PARTS = {
    "holds": "what holds the area together",
    "cuts": "what cuts it off from a neighbour",
}

REASONS = {
    "decision": "a person decided so",
    "boundary": "a person drew the boundary",
    "register": "the register has it so",
    "subdistrict": "the subdistrict",
    "barrier": "roads, railways, water and walls between buildings, or that there are none",
    "public_land": "public land between them",
    "compound": "a compound between them",
    "owner_unit": "the original owner unit (原产权单位)",
    "community": "the community (社区)",
    "distance": "how far apart the buildings stand",
    "size": "the floor area against what an area should have",
    "road": "the road of the address",
    "alignment": "whether buildings stand parallel or square",
    "floors": "how many storeys",
    "year": "when it was built",
}
"""In the order they are told: a person's word, the record, what lies on the ground, whose it was, likeness.
"""

STATUSES = {
    "served": "a contract is in force, and delivered",
    "paper_only": "a contract is in force, and not delivered (失管)",
    "unsigned": "no contract is in force",
    "registered": "registered; no contract of any area is known",
    "proposed": "a proposal of this software",
}


class GapKind(NamedTuple):
    """One kind of gap."""

    priority: int
    """1 first, 3 last."""
    meaning: str


GAP_KINDS = {
    "uncovered_building": GapKind(1, "a residential building in no area"),
    "uncovered_ground": GapKind(2, "residential ground in no area"),
    "three_nos": GapKind(1, "no company, no original owner unit, no owners' committee (三不管)"),
    "paper_only": GapKind(2, "signed, not delivered (失管)"),
    "expired": GapKind(2, "the contract is over, or an emergency arrangement too old"),
    "unassessed": GapKind(3, "not assessed in the last quarter that anybody was"),
    "failing": GapKind(2, "assessed below the pass mark"),
    "contested": GapKind(1, "a building or ground that two areas claim with equal right"),
    "unlocated": GapKind(3, "a register entry without a building"),
}

CHANGE_KINDS = {
    "area_new": "an area that was not in the last release",
    "area_gone": "an area that is no more",
    "area_redrawn": "its ground differs by more than 1 %",
    "area_renamed": "its name differs",
    "building_moved": "the building is of another area",
    "building_new": "a building that was not in the last release",
    "building_gone": "a building that is no more",
}

VERDICTS = {
    "pass": "as it has to be",
    "warn": "wants a look",
    "fail": "not as it has to be",
}
