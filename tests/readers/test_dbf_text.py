"""Text of a .dbf: in which encoding it is read, whatever its parts say of it, and how sure that is."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Point

from pipeline.config import InputFile
from pipeline.raw.file import RawFile
from pipeline.readers import codepages
from pipeline.readers.read import read_file

KOREAN = ["수원시 장안구", "정자동 동신아파트", "화서역 파크", "경기도 성남시"]
RUSSIAN = ["улица Ленина", "Первомайская", "проспект Мира", "Школьный переулок"]
GERMAN = ["Schönhauser Allee", "Müllerstraße", "Große Hamburger Straße", "Bödikerstraße"]
POLISH = ["Łódź Śródmieście", "ulica Piękna", "Źródlana", "Mickiewicza Wąska"]
JAPANESE = ["東京都新宿区西新宿", "大阪府堺市", "サンシャイン池袋", "桜ヶ丘団地"]
CHINESE = ["胜利小区", "石道街12号楼", "白云新村", "学苑路"]
TRADITIONAL = ["勝利路一號樓", "石道街二號樓", "學苑路三號樓", "白雲街四號樓"]
THAI = ["ถนนสุขุมวิท", "หมู่บ้านนานา", "เขตปทุมวัน", "ซอยอารีย์"]


def shapefile(
    folder: Path,
    texts: list[str],
    encoding: str,
    *,
    cpg: str | None = None,
    driver: int = 0,
    column: str = "name",
) -> RawFile:
    """Points with these texts, in bytes of the encoding, and what the parts say of it; read."""
    path = folder / "a.shp"
    width = max(len(text.encode(encoding)) for text in texts)
    frame = gpd.GeoDataFrame(
        {"x" * 10: ["q" * width] * len(texts)}, geometry=[Point(121.6, 38.9)] * len(texts), crs=4326
    )
    frame.to_file(path, engine="pyogrio")
    dbf = bytearray((folder / "a.dbf").read_bytes())
    dbf[29] = driver
    dbf[32:43] = column.encode(encoding).ljust(11, b"\0")
    for text in texts:
        at = dbf.index(b"q" * width)
        dbf[at : at + width] = text.encode(encoding).ljust(width)
    (folder / "a.dbf").write_bytes(dbf)
    (folder / "a.cpg").unlink()
    if cpg is not None:
        (folder / "a.cpg").write_text(cpg)
    return read_file(path, InputFile("a.shp"), name="a.shp")


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [
        (KOREAN, "euc_kr"),
        (KOREAN, "utf-8"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "iso8859_5"),
        (GERMAN, "cp1252"),
        (POLISH, "cp1250"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (CHINESE, "gb18030"),
        (TRADITIONAL, "cp950"),
        (THAI, "cp874"),
    ],
)
def test_nothing_says_the_encoding_and_it_is_found(tmp_path: Path, texts: list[str], encoding: str) -> None:
    assert shapefile(tmp_path, texts, encoding).rows["name"].tolist() == texts


def can_be_in(text: str, encoding: str) -> bool:
    return text.encode(encoding, errors="ignore").decode(encoding) == text


@pytest.mark.parametrize(
    ("texts", "encoding"),
    [
        (texts, encoding)
        for encoding in ("euc_kr", "gb18030", "cp1251", "cp1252", "cp932")
        for texts in (KOREAN[1:2], ["강남"], ["문"], ["辑匡开"], RUSSIAN[:1], GERMAN[:1], JAPANESE[3:])
        if can_be_in(texts[0], encoding)
    ],
)
def test_a_wrong_reading_is_never_sure_of_itself(tmp_path: Path, texts: list[str], encoding: str) -> None:
    raw = shapefile(tmp_path, texts, encoding)
    doubt = [note for note in raw.notes if "its encoding is uncertain" in note]
    assert raw.rows["name"].tolist() == texts or doubt
    if doubt:
        assert " would be " in doubt[0]


@pytest.mark.parametrize(
    "cpg",
    [
        "88591",
        "ISO 88591",
        "ISO-8859-1",
        "8859_1",
        "latin1",
        "1252",
        "ANSI 1252",
        "windows-1252",
        "28591",
        "CP1252 \r\n",
    ],
)
def test_a_cpg_is_understood_however_it_is_spelled(tmp_path: Path, cpg: str) -> None:
    raw = shapefile(tmp_path, ["Île"], "cp1252", cpg=cpg)
    assert raw.rows["name"].tolist() == ["Île"]
    assert "as stated" in raw.encoding


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("GBK", "gb18030"),
        ("CP936", "gb18030"),
        ("ANSI 936", "gb18030"),
        ("gb2312", "gb18030"),
        ("54936", "gb18030"),
        ("Big5", "cp950"),
        ("950", "cp950"),
        ("949", "cp949"),
        ("EUC-KR", "cp949"),
        ("ks_c_5601-1987", "cp949"),
        ("SHIFT_JIS", "cp932"),
        ("ANSI 932", "cp932"),
        ("x-sjis", "cp932"),
        ("EUC-JP", "euc_jp"),
        ("OEM 866", "cp866"),
        ("win1251", "cp1251"),
        ("KOI8-R", "koi8-r"),
        ("20866", "koi8-r"),
        ("88595", "iso8859-5"),
        ("ISO_8859-2", "iso8859-2"),
        ("885915", "iso8859-15"),
        ("cp874", "cp874"),
        ("TIS-620", "cp874"),
        ("UTF8", "utf-8"),
        ("utf_8", "utf-8"),
        ("\ufeffUTF-8", "utf-8"),
        ("65001", "utf-8"),
        ("LDID/87", "cp1252"),
        ("KLINGON", ""),
        ("unicode_escape", ""),
        ("", ""),
    ],
)
def test_spellings_of_encodings(label: str, codec: str) -> None:
    assert codepages.known(label) == codec


@pytest.mark.parametrize(
    ("driver", "encoding", "texts"),
    [
        (0x57, "cp1252", ["Île"]),
        (0x03, "cp1252", ["Île"]),
        (0x02, "cp850", ["Mühle"]),
        (0x4E, "cp949", ["문"]),
        (0x13, "cp932", ["森"]),
        (0x65, "cp866", ["Мир"]),
        (0xC9, "cp1251", ["Мир"]),
        (0xC8, "cp1250", ["Żary"]),
        (0x7C, "cp874", ["วัง"]),
        (0x64, "cp852", ["Žár"]),
        (0xCB, "cp1253", ["Οδός"]),
    ],
)
def test_the_language_driver_of_a_dbf_tells_where_its_text_does_not(
    tmp_path: Path, driver: int, encoding: str, texts: list[str]
) -> None:
    raw = shapefile(tmp_path, texts, encoding, driver=driver)
    assert raw.rows["name"].tolist() == texts
    assert "as stated" in raw.encoding


def test_a_driver_that_any_program_leaves_there_does_not_hide_what_the_text_is_in(tmp_path: Path) -> None:
    raw = shapefile(tmp_path, CHINESE, "gb18030", driver=0x57)
    assert raw.rows["name"].tolist() == CHINESE
    assert raw.encoding.startswith("gb18030 (0.99: ")


def test_every_language_driver_is_an_encoding_that_keeps_ascii() -> None:
    assert all(
        codepages.known(codec) == codec and codepages.keeps_ascii(codec)
        for codec in set(codepages.LANGUAGE_DRIVERS.values())
    )


def test_a_cpg_that_names_nothing_is_said_and_the_dbf_asked(tmp_path: Path) -> None:
    raw = shapefile(tmp_path, ["Мир"], "cp866", cpg="KLINGON", driver=0x65)
    assert raw.rows["name"].tolist() == ["Мир"]
    assert "its .cpg says 'KLINGON'" in raw.notes[0]


@pytest.mark.parametrize("column", ["★", "楼", "号", "①", "é", "ID号"])
def test_a_short_column_name_in_utf_8_is_read_as_that(tmp_path: Path, column: str) -> None:
    raw = shapefile(tmp_path, ["plain"], "utf-8", column=column)
    assert raw.rows.columns[0] == column
