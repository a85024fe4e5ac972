"""Chinese addresses as registers write them: roads, door numbers, and runs of door numbers with odd or even side.

"胜利路12-38号(双号)、石道街5号" is two runs: 胜利路 12 to 38, even; 石道街 5 to 5. Text that holds no road and number gives no
run: the caller says so. Addresses are folded first (NFKC: full-width digits and brackets become ASCII), a leading bracket
such as "(西岗香炉礁)" and the province, city, district and subdistrict in front of the road are dropped.
"""

from __future__ import annotations

import pandas as pd

DASH = "[-~至到\u2013\u2014\u2015\u2212]"
ROAD = r"(?:大道|大街|马路|路|街|巷|弄|里|胡同|道|条|段|线)"
UNIT = r"(?:号楼|号院|号|栋|幢|座|楼|#)"
#: What may stand before the road; 市 and 区 need two characters before them, so that 市场街 and 小区 stay.
REGION = (
    r"^(?:[^\d省市区县]{2,8}?(?:省|自治区|自治州))?(?:[^\d省市区县]{2,8}?市)?"
    r"(?:[^\d省市区县街路]{1,6}?(?<![小社园校])[区县](?![路街巷]))?(?:[^\d路街]{2,6}?街道(?=\D))?"
)
RUN = rf"^(?P<road>\D*?)(?P<first>\d+)(?P<unit>{UNIT})?(?:(?:附\d+号?)?{DASH}(?P<last>\d+))?(?P<last_unit>{UNIT})?.*$"
RUN_COLUMNS = ("row", "road", "first", "last", "parity")
LARGEST_DOOR = 99_999


def parse_runs(series: pd.Series) -> pd.DataFrame:
    """Every run of door numbers in addresses: row (index label of the series), road, first, last, parity (all, odd, even).

    Runs come in the order of the text. A number without a road has the road before it ("黄河路12、14号"). "7-1号" is number 7.
    """
    pieces = _folded(series.dropna()).str.split(r"[、,;/。]|(?<=[号栋幢座])(?:和|及)", regex=True).explode().str.strip()
    pieces = pieces[pieces.notna() & (pieces != "")]
    found = pieces.str.extract(RUN)
    both = pieces.str.contains("双号|偶数|双数", regex=True), pieces.str.contains("单号|奇数|单数", regex=True)
    runs = pd.DataFrame(
        {
            "row": pieces.index,
            "road": _road(found["road"]).to_numpy(),
            "first": pd.to_numeric(found["first"], errors="coerce").to_numpy(),
            "last": pd.to_numeric(found["last"], errors="coerce").to_numpy(),
            "parity": pd.Series("all", index=pieces.index, dtype="str")
            .mask(both[0], "even")
            .mask(both[1], "odd")
            .mask(both[0] & both[1], "all")
            .to_numpy(),
            "piece": pieces.to_numpy(),
            "sure": (
                found["unit"].notna() | found["last_unit"].notna() | found["road"].str.contains(ROAD + r"[单双]?号?$", regex=True, na=False)
            ).to_numpy(),
        }
    )
    runs["road"] = runs["road"].fillna(
        _road(runs["piece"].where(runs["first"].isna() & runs["piece"].str.contains(ROAD + "$", regex=True)))
    )
    runs["road"] = runs["road"].where(runs["road"] != "").groupby(runs["row"], sort=False).ffill()
    runs["last"] = runs["last"].where(runs["last"] >= runs["first"], runs["first"])
    taken = (
        runs["road"].notna() & runs["first"].notna() & (runs["last"] <= LARGEST_DOOR) & (runs["sure"] | (runs["piece"].str.match(r"^\d")))
    )
    out = runs.loc[taken, list(RUN_COLUMNS)].reset_index(drop=True)
    return out.astype({"road": "str", "first": "int64", "last": "int64", "parity": "str"})


def parse_address(series: pd.Series) -> pd.DataFrame:
    """Road (normalised text) and door_number (Int64) of addresses, null where there is none; the first of several counts."""
    place, distinct = pd.factorize(series)
    words = pd.Series(distinct, dtype="str")
    first = parse_runs(words).drop_duplicates("row").set_index("row").reindex(words.index)
    plain = _folded(words).str.split(r"[、,;/。]", regex=True).str[0].str.strip()
    bare = _road(plain.where(plain.str.contains(ROAD + "$", regex=True)))
    parsed = pd.DataFrame({"road": first["road"].fillna(bare).astype("str"), "door_number": first["first"].astype("Int64")})
    return parsed.reindex(place).set_axis(series.index)


def normalise_road(series: pd.Series) -> pd.Series:
    """Names of roads as `parse_runs` writes them, so that both compare equal: folded, without spaces at the ends or doubled."""
    folded = series.astype("str").str.normalize("NFKC").str.replace(r"\s+", " ", regex=True).str.strip()
    return folded.where(folded != "").astype("str")


def door_number(series: pd.Series) -> pd.Series:
    """The number (Int64) that door numbers such as "5", "5号", "12a" or "5/7" begin with."""
    digits = series.astype("str").str.normalize("NFKC").str.extract(r"^\s*(?:№|No\.?)?\s*(\d{1,5})(?!\d)", expand=False)
    return pd.to_numeric(digits, errors="coerce").astype("Int64")


def _folded(series: pd.Series) -> pd.Series:
    """NFKC, spaces out between Chinese characters, brackets gone but for the side of the road."""
    plain = series.astype("str").str.normalize("NFKC")
    plain = plain.str.replace(r"(?<=[\u4e00-\u9fff\d,、])\s+|\s+(?=[\u4e00-\u9fff\d])", "", regex=True)
    plain = plain.str.replace(r"\(\s*(单号|双号|单数|双数|奇数|偶数)侧?\s*\)", r"\1", regex=True)
    return plain.str.replace(r"\([^()]*\)?|【[^】]*】", "", regex=True)


def _road(pieces: pd.Series) -> pd.Series:
    plain = normalise_road(
        pieces.astype("str").str.replace(REGION, "", regex=True).str.replace(r"(?:单号|双号|单数|双数|奇数|偶数|第|门牌)+$", "", regex=True)
    )
    return plain.str.replace(r"^.*-", "", regex=True).str.strip(" ~:")
