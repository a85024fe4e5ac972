"""Romanising: Chinese names for readers of English, "Shengli Road (胜利路)": what is said aloud and what is
on the sign.

As on street signs and maps in Chinese cities: the name proper in Hanyu Pinyin without tones (地名管理条例;
GB/T 16159 for the spelling), written as one word, directions included; what it is in English, as GB/T 30240
has it (路 Road, 街 Street, 大街 Avenue). A name without Chinese characters stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import lazy_pinyin, load_phrases_dict

load_phrases_dict(
    {
        "朝阳": [["cháo"], ["yáng"]],
        "民乐": [["mín"], ["lè"]],
        "曾家": [["zēng"], ["jiā"]],
        "翟家": [["zhái"], ["jiā"]],
        "解家": [["xiè"], ["jiā"]],
    }
)

NUMERALS = "〇一二三四五六七八九"
WAYS = {
    "高速公路": "Expressway",
    "快速路": "Expressway",
    "公路": "Highway",
    "大街": "Avenue",
    "大道": "Avenue",
    "环路": "Ring Road",
    "胡同": "Hutong",
    "街": "Street",
    "路": "Road",
    "巷": "Lane",
    "弄": "Alley",
}
"""What a way is called."""
OFFICES = {"街道办事处": "Subdistrict Office", "街道": "Subdistrict", "社区": "Community"}
KINDS = WAYS | {
    "铁路": "Railway",
    **OFFICES,
    "小区": "Estate",
    "楼院": "Courtyard",
    "大院": "Courtyard",
    "花园": "Garden",
    "新村": "Xincun",
    "大厦": "Building",
    "公园": "Park",
    "广场": "Square",
    "市场": "Market",
    "幼儿园": "Kindergarten",
    "小学": "Primary School",
    "中学": "Middle School",
    "大学": "University",
    "医院": "Hospital",
    "桥": "Bridge",
}
KEPT = {
    "河": "River",
    "江": "River",
    "湖": "Lake",
    "海": "Sea",
    "山": "Mountain",
    "镇": "Town",
    "乡": "Township",
    "村": "Village",
}
"""A name of one syllable keeps its second: 台山 is Taishan Mountain, 李村 is Licun Village."""
NAMESAKES = (*WAYS, "广场", "公园")
"""What an office is named after in English too: 八一路街道 is Bayi Road Subdistrict, but 虹桥社区 is Hongqiao
Community.
"""

LONGEST = 60
"""Characters of a name that is looked at for what it is made of; a longer one is none."""

_HAN = re.compile(r"[㐀-鿿豈-﫿〇]+")
_LONGEST_FIRST = sorted((KINDS | KEPT).items(), key=lambda item: -len(item[0]))
_NUMBERED_WAY = re.compile(f"(.+(?:{'|'.join(WAYS)}))([{NUMERALS}十]+)({'|'.join(WAYS)})")
_NUMBERED_LANE = re.compile(f"()([{NUMERALS}十]+)(巷|弄)|(.*?)([0-9０-９]+)(巷|弄)")
_DOOR = re.compile(r"(.*?)([0-9０-９]+)号(.*)")
_NTH = re.compile(r"第([0-9０-９]+)(.*)")


def in_english(name: str, note: str = "") -> str:
    """The name as a reader of English needs it: "Shengli Road (胜利路, arterial road)".

    Parameters
    ----------
    name : str
    note : str, default ""

    Returns
    -------
    str
        The name `romanised`, behind it in brackets the Chinese one, and the note.
    """
    said = ", ".join(word for word in (name if _HAN.search(name) else "", note) if word)
    return f"{romanised(name)} ({said})" if said else name


@lru_cache(maxsize=100_000)
def romanised(name: str) -> str:
    """The name without Chinese characters: "Shengli Road", "No. 3 Yunfeng Street Courtyard".

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        A lane is numbered: "Qingni Street Lane 1". A name of more than LONGEST characters is only spelled.
    """
    name = name.strip()
    if not _HAN.search(name):
        return name
    if len(name) > LONGEST:
        return spelled(name)
    if numbered := _NUMBERED_WAY.fullmatch(name) or _NUMBERED_LANE.fullmatch(name):
        way, number, kind = (group for group in numbered.groups() if group is not None)
        return f"{romanised(way)} {WAYS[kind]} {_value(number)}".lstrip()
    if door := _DOOR.fullmatch(name):
        way, number, rest = (romanised(part) for part in door.groups())
        return " ".join(part for part in (f"No. {_value(number)}", way, rest) if part)
    if nth := _NTH.fullmatch(name):
        return f"No. {_value(nth[1])} {romanised(nth[2])}".rstrip()
    if name in KINDS:
        return KINDS[name]
    for kind, word in _LONGEST_FIRST:
        proper = name.removesuffix(kind)
        if proper not in (name, ""):
            if kind in OFFICES and proper.endswith(NAMESAKES) and proper not in NAMESAKES:
                return f"{romanised(proper)} {word}"
            keeps = kind in KEPT and len(proper) == 1
            return f"{spelled(name if keeps else proper)} {word}"
    return spelled(name)


def spelled(text: str) -> str:
    """Each run of Chinese characters as one word in Pinyin, the rest as it is: 西安A区 is "Xi'an A Qu".

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    words: list[str] = []
    at = 0
    for run in _HAN.finditer(text):
        words += [text[at : run.start()].strip(), _word(run[0])]
        at = run.end()
    return " ".join(word for word in [*words, text[at:].strip()] if word)


def _word(characters: str) -> str:
    first, *others = lazy_pinyin(characters, v_to_u=True)
    return "".join([first, *(f"'{s}" if s[0] in "aeo" else s for s in others)]).capitalize()


def _value(numeral: str) -> int:
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    if ten:
        return 10 * (_value(tens) if tens else 1) + (_value(ones) if ones else 0)
    return int("".join(str(NUMERALS.index(sign)) for sign in numeral))
