"""Bad tables: text in any encoding, and spreadsheets as offices send them."""

# ruff: noqa: PLW0108  a case is a line, however long

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import xlwt

from pipeline.config import Limits

from .case import Case, Make, content, named, refused, taken

COLUMNS = {"name": "小区名称", "households": "户数"}
ENTRY = {"columns": COLUMNS}
ROWS = [
    ["小区名称", "地址", "户数"],
    ["香海花园", "胜利路1号", "120户"],
    ["丽景园", "石道街2号", "80"],
    ["白云新村", "白云街3号", "约60户"],
]
TEXT = "\n".join(",".join(row) for row in ROWS) + "\n"


def table(name: str, text: str | bytes, rows: int, file: str = "a.csv", **more: Any) -> Case:
    return taken(name, content(text, file), rows, **{"table": "register", "entry": ENTRY, **more})


def no_table(name: str, text: str | bytes, pattern: str, file: str = "a.csv", **more: Any) -> Case:
    return refused(name, content(text, file), pattern, **{"table": "register", "entry": ENTRY, **more})


NAMES = tuple(row[0] for row in ROWS[1:])
PLACED = {"columns": {"name": "小区名称"}, "x": "lon", "y": "lat"}
POINTS = "小区名称,lon,lat\n甲,121.6,38.9\n乙,121.61,38.9\n丙,121.62,38.9\n"
CSV = named(
    [
        *(table(f"in {encoding}", TEXT.encode(encoding), 3, names=NAMES) for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16")),
        table("in Big5", TEXT.translate(str.maketrans("区称园丽号", "區稱園麗號")).translate(str.maketrans("户数约云", "戶數約雲")).replace("胜", "勝").encode("cp950"), 3, entry={"columns": {"name": "小區名稱"}}),
        table("Cyrillic of Windows, and it is said", "name,address\nДом,Ленина\nСад,Мира\n".encode("cp1251"), 2, entry={"encoding": "cp1251"}, names=("Дом", "Сад")),
        no_table("an encoding that nobody knows", TEXT, "unknown encoding 'utf-99'", entry={**ENTRY, "encoding": "utf-99"}),
        no_table("another encoding than is said", TEXT.encode("gb18030"), "its text is not utf-8; say which with encoding", entry={**ENTRY, "encoding": "utf-8"}),
        table("a cut character", TEXT.encode("gb18030").replace("园".encode("gb18030"), "园".encode("gb18030")[:1], 1), 3, noted="characters that are cut"),
        table("one line in another encoding", TEXT.encode() + "丙丁园,石道街,5\n".encode("gb18030"), 4, noted="lines with characters that are cut or no"),
        table("zero bytes", TEXT.replace("香", "香\0"), 3),
        table("the header on each page", TEXT + TEXT, 6 - 3, rejected={"total_row": 1, "duplicate_id": 3}),
        table("a number of an office that a spreadsheet shortened", "编号,小区名称\n2.10203E+14,香海花园\n210203001001002,丽景园\n", 1, entry={"columns": {"area_id": "编号", "name": "小区名称"}}, rejected={"bad_value": 1}),
        table("a unit in the header", "小区名称,建筑面积(万㎡)\n香海花园,1.1\n丽景园,2\n", 2, entry={"columns": {"name": "小区名称", "floor_area_m2": "建筑面积(万㎡)"}}, noted="plain numbers taken as 万m2, as the header"),
        table("bars", TEXT.replace(",", "|"), 3, names=NAMES),
        no_table("too many columns", ",".join(f"c{i}" for i in range(60)) + "\n" + "1," * 59 + "1\n", "60 columns, more than limits.columns_max = 50; leave some out", entry={}, limits=Limits(columns_max=50)),
        table("semicolons", TEXT.replace(",", ";"), 3, names=NAMES),
        table("tabs", TEXT.replace(",", "\t"), 3, file="a.tsv", names=NAMES),
        table("tabs in a .txt", TEXT.replace(",", "\t"), 3, file="a.txt", names=NAMES),
        table("line ends of old Macs", TEXT.replace("\n", "\r"), 3, names=NAMES),
        table("blank lines", TEXT.replace("\n", "\n\n,,\n"), 3, names=NAMES, noted="blank lines skipped"),
        table("titles above the header", f"大连市西岗区台账,,\n填报日期：2026年,,\n{TEXT}", 3, names=NAMES, noted="2 lines above the header skipped"),
        table("sums and notes below", f"{TEXT}合计,,260\n注：以现场为准,,\n", 3, rejected={"total_row": 2}),
        table("a field too many", f"{TEXT}某园,石道街,4号,5\n", 3, rejected={"ragged_row": 1}),
        table("a field too few", f"{TEXT}某园\n", 4),
        table("columns without a name, or of one name", "小区名称,,户数,户数\n甲,x,5,6\n", 1, noted="is called"),
        table("formulas", f"{TEXT}=cmd|' /C calc'!A0,@SUM(1),+1\n", 4),
        table("an identical row", TEXT + ",".join(ROWS[1]) + "\n", 3, rejected={"duplicate_id": 1}),
        table("a cell of ten megabytes", f"{TEXT}某园,{'长' * 3_500_000},5\n", 4, noted="cut to 10,000 characters"),
        no_table("a quotation mark left open", TEXT.replace("丽景园", '"丽景园'), "line 3: a quotation mark that is opened there is never closed"),
        no_table("a header alone", TEXT.split("\n")[0] + "\n", "it has a header but no rows"),
        no_table("0 bytes", "", "empty"),
        no_table("blanks", "\n \n,,\n", "empty"),
        no_table("more columns than the limit", ",".join(f"c{i}" for i in range(60)) + "\n" + "1," * 60, "limits.columns_max|no column", limits=Limits(columns_max=50)),
        no_table("noise", bytes((i * 197 + 89) % 256 for i in range(4000)), "its text is not|no column|quotation"),
        no_table("a workbook called .csv", b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(128, 256)) * 9, "its text is not|no column|empty"),
        no_table("a column that is not there", TEXT, "no column '小区名'.*did you mean '小区名称'", entry={"columns": {"name": "小区名"}}),
        table("points", POINTS, 3, entry=PLACED),
        table("points with a comma for decimals", POINTS.replace(",", ";").replace(".", ","), 3, entry=PLACED),
        table("a point without numbers", POINTS + "丁,不详,\n", 4, entry=PLACED, noted="without a readable lon, lat"),
        no_table("x and y exchanged", POINTS, "axes swapped", entry={**PLACED, "x": "lat", "y": "lon"}),
        no_table("no such column for x", POINTS, "no column 'lng' for coordinates; did you mean 'lon'", entry={**PLACED, "x": "lng"}),
        no_table("buildings without shapes", "building_id,floors\na,6\n", "without geometry|nothing", table="buildings", entry={}),
        table("points in metres, and it is said", "小区名称,lon,lat\n甲,500000,4305000\n", 1, entry={**PLACED, "crs": "EPSG:4550"}),
        no_table("points in metres", "小区名称,lon,lat\n甲,500000,4305000\n", "do not agree with its CRS.*'EPSG:4550'", entry=PLACED),
    ],
    "csv",
)  # fmt: skip


def workbook(
    change: Callable[[Any], Any] | None = None, lines: list[list[Any]] | None = None, file: str = "a.xlsx"
) -> Make:
    def make(folder: Path) -> str:
        book = openpyxl.Workbook()
        for line in ROWS if lines is None else lines:
            book.active.append(line)
        if change is not None:
            change(book)
        book.save(folder / file)
        return file

    return make


def repacked(change: Callable[[str, bytes], bytes]) -> Make:
    """A workbook, its members changed."""

    def make(folder: Path) -> str:
        workbook()(folder)
        out = io.BytesIO()
        with (
            zipfile.ZipFile(folder / "a.xlsx") as before,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
        ):
            for name in before.namelist():
                after.writestr(name, change(name, before.read(name)))
        (folder / "a.xlsx").write_bytes(out.getvalue())
        return "a.xlsx"

    return make


def xls(change: Callable[[Any], Any] | None = None) -> Make:
    def make(folder: Path) -> str:
        book = xlwt.Workbook()
        page = book.add_sheet("台账")
        for i, line in enumerate(ROWS):
            for j, value in enumerate(line):
                page.write(i, j, value)
        if change is not None:
            change(page)
        book.save(str(folder / "a.xls"))
        return "a.xls"

    return make


def cut(make: Make, share: float) -> Make:
    def shortened(folder: Path) -> str:
        name = make(folder) or ""
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: int(len(data) * share)])
        return name

    return shortened


def merged(book: Any) -> None:
    book.active.insert_rows(1)
    book.active["A1"] = "西岗区物业管理区域台账"
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("B3:B4")


def hidden(book: Any) -> None:
    book.active.title = "说明"
    page = book.create_sheet("台账")
    for line in ROWS:
        page.append(line)
    book["说明"].sheet_state = "hidden"


def sheet(name: str, make: Make, rows: int, **more: Any) -> Case:
    return taken(name, make, rows, **{"table": "register", "entry": ENTRY, **more})


def no_sheet(name: str, make: Make, pattern: str, **more: Any) -> Case:
    return refused(name, make, pattern, **{"table": "register", "entry": ENTRY, **more})


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{10 * f"&{chr(97 + i)};"}">' for i in range(9))
    + "]>"
)
PASSWORD = b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
WORKBOOKS = named(
    [
        sheet("a title and merged cells", workbook(merged), 3, noted="cells merged with the one above"),
        sheet("a sum below", workbook(lines=[*ROWS, ["合计", None, 260]]), 3, rejected={"total_row": 1}),
        sheet("the first sheet hidden", workbook(hidden), 3, noted="sheet '台账' of 说明 .hidden., 台账"),
        sheet("a formula without its result", workbook(lambda book: book.active.__setitem__("C2", "=1+1")), 3, noted="1 formulas have no stored result"),
        sheet("cells that show errors", workbook(lambda book: book.active.__setitem__("C2", "#N/A")), 3),
        sheet("a formula that fetches", workbook(lambda book: book.active.__setitem__("B2", '=WEBSERVICE("http://127.0.0.1:9/x")')), 3),
        sheet("dates, flags and fractions", workbook(lines=[*ROWS, [True, 3.5, 12.0]]), 4),
        sheet("an .xls", xls(), 3, names=NAMES),
        sheet("an .xls that is an .xlsx", workbook(file="a.xls"), 3, names=NAMES),
        no_sheet("a sheet it does not have", workbook(), "no sheet '台账'; ", entry={**ENTRY, "sheet": "台账"}),
        no_sheet("cells that lie far apart", workbook(lambda book: book.active.__setitem__("XFD1048576", "x")), "its cells spread over 1,048,576 rows.*delete what stands far off"),
        no_sheet("a first sheet of words", workbook(lambda book: book.create_sheet("台账"), lines=[["填表说明"]]), "empty: it has a header but no rows .sheet 'Sheet' of Sheet, 台账.; take it out"),
        no_sheet("an empty sheet", workbook(lines=[]), "empty: it has no rows"),
        no_sheet("a password", content(PASSWORD, "a.xlsx"), "protected by a password; save it again without one"),
        no_sheet("a web page called .xls", content(b"<html><table><tr><td>1</td></tr></table></html>", "a.xls"), "it is a web page: open it in Excel"),
        no_sheet("text called .xlsx", content(TEXT, "a.xlsx"), "not an Excel workbook.*save it again as .xlsx or .csv"),
        no_sheet("0 bytes", content(b"", "a.xlsx"), "not an Excel workbook"),
        no_sheet("an .xlsx cut in half", cut(workbook(), 0.5), "not an Excel workbook.*save it again"),
        no_sheet("an .xls cut in half", cut(xls(), 0.5), "not an Excel workbook.*save it again|protected"),
        no_sheet("a bomb", repacked(lambda name, data: data + b" " * 30_000_000 if name.endswith("sheet1.xml") else data), "unpack_ratio_max"),
        no_sheet("a member that is missing", repacked(lambda name, data: data if name != "xl/workbook.xml" else b"<workbook/>"), "not an Excel workbook|no sheet"),
        no_sheet("a Word document called .xlsx", lambda folder: _word(folder), "not an Excel workbook"),
        sheet("entities that explode", repacked(lambda name, data: data.replace(b"<worksheet", LAUGHS.encode() + b"<worksheet", 1) if name.endswith("sheet1.xml") else data), 3),
    ],
    "workbook",
)  # fmt: skip


def _word(folder: Path) -> str:
    with zipfile.ZipFile(folder / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    return "a.xlsx"


CASES: list[Case] = [*CSV, *WORKBOOKS]
