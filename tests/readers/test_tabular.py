"""Tables as planners deliver them: titles above the header, merged cells, sums below, and every line
accounted for.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import InputFile
from pipeline.raw.errors import SourceError
from pipeline.raw.file import RawFile
from pipeline.readers import tabular
from pipeline.readers.read import read_file

from .conftest import Reader

COLUMNS = {"name": "小区名称", "n_buildings": "栋数", "households": "户数"}
REPORT = [
    ["西岗区物业管理区域登记表"],
    ["填报单位：西岗区住建局", "", "", "2020年12月"],
    [],
    ["序号", "小区名称", "栋数", "户数"],
    ["1", "胜利小区", "51栋", "1,898户"],
    ["2", "石道小区", "12", "300"],
    ["", "白云街道小计", "63", "2198"],
    [],
    ["3", "白云新村", "5", "77"],
    ["合 计", "", "68", "2275"],
    ["注：栋数以现场核查为准"],
]
Cells = list[tuple[int, int, int, int]]
Write = Callable[..., str]


def write_xlsx(path: Path, lines: list[list[Any]], merged: Cells = []) -> None:  # noqa: B006
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    for top, left, bottom, right in merged:
        book.active.merge_cells(
            start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
        )
    book.save(path)


def write_xls(path: Path, lines: list[list[Any]], merged: Cells = []) -> None:  # noqa: B006
    book = xlwt.Workbook()
    page = book.add_sheet("Sheet")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    inside = {
        (i, j)
        for top, left, bottom, right in merged
        for i in range(top, bottom + 1)
        for j in range(left, right + 1)
    }
    for i, line in enumerate(lines):
        for j, value in enumerate(line):
            if (i, j) not in inside and value is not None:
                page.write(i, j, value, day if isinstance(value, dt.date) else xlwt.Style.default_style)
    for top, left, bottom, right in merged:
        page.write_merge(top, bottom, left, right, lines[top][left])
    book.save(str(path))


def as_csv(lines: list[list[str]], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode(encoding)


@pytest.fixture(params=["xlsx", "xls"])
def sheet(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., RawFile]:
    """Writes a workbook of either kind, and reads it with an entry of the configuration."""

    def reader(lines: list[list[Any]], merged: Cells | None = None, **entry: Any) -> RawFile:
        name = f"a.{request.param}"
        (write_xlsx if request.param == "xlsx" else write_xls)(tmp_path / name, lines, merged or [])
        return read_file(tmp_path / name, InputFile(name, **entry), name=name)

    return reader


def assert_report(raw: RawFile) -> None:
    assert raw.rows["小区名称"].tolist() == ["胜利小区", "石道小区", "白云新村"]
    assert raw.rows.index.tolist() == [1, 2, 4]
    assert raw.refused[["source_row", "reason"]].to_numpy().tolist() == [
        [3, "total_row"],
        [5, "total_row"],
        [6, "total_row"],
    ]
    assert json.loads(raw.refused["raw"].iloc[0]) == {
        "序号": "",
        "小区名称": "白云街道小计",
        "栋数": "63",
        "户数": "2198",
    }
    assert raw.rows_read == 6
    assert (
        "2 lines above the header skipped: 西岗区物业管理区域登记表; 填报单位：西岗区住建局 2020年12月"
        in raw.notes
    )
    assert "1 blank line skipped; rows are counted without them" in raw.notes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_report_as_text(read: Reader, encoding: str) -> None:
    assert_report(read("a.csv", as_csv(REPORT, encoding), columns=COLUMNS))


def test_a_report_as_a_workbook(sheet: Callable[..., RawFile]) -> None:
    assert_report(sheet(REPORT, [(0, 0, 0, 3)], columns=COLUMNS))


def test_the_mark_with_which_dos_ends_a_file_is_no_row(read: Reader) -> None:
    assert read("a.csv", b"name,n\na,1\n\x1a").rows["name"].tolist() == ["a"]


def test_the_header_is_found_without_names_that_are_known(read: Reader) -> None:
    raw = read("a.csv", as_csv(REPORT))
    assert raw.rows.columns.tolist() == ["序号", "小区名称", "栋数", "户数"]


def test_a_value_that_is_also_a_column_does_not_make_its_row_the_header(read: Reader) -> None:
    raw = read("a.csv", "name,use,floors\nuse,name,3\nb,name,2\n")
    assert raw.rows["name"].tolist() == ["use", "b"]


HEADER = [
    ["登记表", "", "", ""],
    ["小区名称", "建筑", "", "备注"],
    ["", "栋数", "户数", ""],
    ["甲", "5", "77", "x"],
    ["乙", "6", "78", ""],
]
MERGED_HEADER = [(0, 0, 0, 3), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 2, 3)]


@pytest.mark.parametrize("buildings", ["建筑/栋数", ""])
def test_a_header_over_two_rows_gives_both_parts(sheet: Callable[..., RawFile], buildings: str) -> None:
    columns = {"name": "小区名称", **({"n_buildings": buildings} if buildings else {})}
    raw = sheet(HEADER, MERGED_HEADER, columns=columns)
    assert raw.rows.columns.tolist() == ["小区名称", "建筑/栋数", "建筑/户数", "备注"]
    assert raw.rows["建筑/户数"].tolist() == ["77", "78"]


def test_the_lower_part_alone_may_be_named(sheet: Callable[..., RawFile]) -> None:
    raw = sheet(HEADER, MERGED_HEADER, columns=COLUMNS)
    assert raw.rows.columns.tolist() == ["小区名称", "栋数", "户数", "备注"]
    assert raw.rows["户数"].tolist() == ["77", "78"]


def test_a_header_over_two_lines_of_text(read: Reader) -> None:
    raw = read(
        "a.csv",
        as_csv(HEADER),
        columns={"name": "小区名称", "n_buildings": "建筑/栋数", "households": "建筑/户数"},
    )
    assert raw.rows["建筑/户数"].tolist() == ["77", "78"]


def test_a_cell_merged_over_rows_stands_in_each_of_them(sheet: Callable[..., RawFile]) -> None:
    lines = [["街道", "小区名称"], ["白云街道", "甲"], ["", "乙"], ["日新街道", "丙"], ["", "丁"]]
    raw = sheet(lines, [(1, 0, 2, 0)], columns={"name": "小区名称"})
    assert raw.rows["街道"].tolist() == ["白云街道", "白云街道", "日新街道", ""]
    assert raw.notes == ("1 cells merged with the one above filled with its value, in 街道",)


def test_cells_of_every_kind(sheet: Callable[..., RawFile]) -> None:
    raw = sheet(
        [
            ["name", "n", "day", "share", "yes"],
            ["@SUM(A1)", 51, dt.date(2019, 6, 1), 0.5, True],
            ["b", 2.0, None, 0.25, False],
        ]
    )
    assert raw.rows.to_numpy().tolist() == [
        ["@SUM(A1)", "51", "2019-06-01", "0.5", "true"],
        ["b", "2", "", "0.25", "false"],
    ]


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_days_counted_from_1904(read: Reader, tmp_path: Path, kind: str) -> None:
    if kind == "xlsx":
        book = openpyxl.Workbook()
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        for line in (["name", "day"], ["a", dt.date(2019, 6, 1)]):
            book.active.append(line)
        book.save(tmp_path / "a.xlsx")
    else:
        old = xlwt.Workbook()
        old.dates_1904 = True
        page = old.add_sheet("a")
        for j, value in enumerate(("name", "day")):
            page.write(0, j, value)
        page.write(1, 0, "a")
        page.write(1, 1, 42155, xlwt.easyxf(num_format_str="YYYY-MM-DD"))
        old.save(str(tmp_path / "a.xls"))
    raw = read(f"a.{kind}")
    assert raw.rows["day"].tolist() == ["2019-06-01"]
    assert "counts days from 1904" in raw.notes[0]


def test_a_formula_without_its_result_is_empty_and_said_so(read: Reader, tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", [["name", "n"], ["a", "=1+1"], ["b", "=2+2"], ["c", 5]])
    raw = read("a.xlsx")
    assert raw.rows["n"].tolist() == ["", "", "5"]
    assert raw.notes == (
        "2 formulas have no stored result and are empty here: open the workbook in Excel, and save it",
    )


def test_the_first_sheet_that_is_not_hidden_is_read_unless_one_is_named(read: Reader, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title, book.active.sheet_state = "old", "hidden"
    book.active.append(["name"])
    book.active.append(["a"])
    page = book.create_sheet("new")
    page.append(["name"])
    page.append(["b"])
    book.save(tmp_path / "a.xlsx")
    raw = read("a.xlsx")
    assert raw.rows["name"].tolist() == ["b"]
    assert raw.notes == ("sheet 'new' of old (hidden), new",)
    assert read("a.xlsx", sheet="old").rows["name"].tolist() == ["a"]
    with pytest.raises(SourceError, match="no sheet 'odl'; did you mean 'old'"):
        read("a.xlsx", sheet="odl")


def test_what_a_workbook_is_its_content_says(read: Reader, tmp_path: Path) -> None:
    write_xls(tmp_path / "a.xlsx", [["name"], ["胜利小区"]])
    assert read("a.xlsx").rows["name"].tolist() == ["胜利小区"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "is protected by a password",
        ),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "it is a web page"),
        ("a.xls", b"\xd0\xcf\x11\xe0 cut", "not an Excel workbook"),
        ("a.xlsx", b"PK\x03\x04 cut", "not an Excel workbook"),
    ],
)
def test_a_workbook_that_can_not_be_read_says_why(
    read: Reader, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(SourceError, match=rf"^{name}: .*{message}"):
        read(name, content)


def test_cells_that_lie_far_apart_do_not_cost_the_memory_between(read: Reader, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "name", "far"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(SourceError, match="spread over 1,048,576 rows and 16,384 columns"):
        read("a.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused(read: Reader, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 20_000_000)
    with pytest.raises(SourceError, match="unpack_ratio_max"):
        read("a.xlsx")


def test_a_cut_character_costs_the_end_of_its_field(read: Reader) -> None:
    content = as_csv(REPORT, "gb18030").replace("石道小区".encode("gbk"), "石道小区".encode("gbk")[:-1])
    raw = read("a.csv", content, columns=COLUMNS)
    assert raw.rows["小区名称"].tolist() == ["胜利小区", "石道小", "白云新村"]
    assert raw.rows["栋数"].tolist() == ["51栋", "12", "5"]
    assert any("1 line (6)" in note for note in raw.notes)


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_quotation_mark_left_open_does_not_swallow_the_rows_behind_it(read: Reader, end: str) -> None:
    with pytest.raises(SourceError, match=r"a\.csv, line 3: a quotation mark that is opened there"):
        read("a.csv", 'name,n\na,1\nb,"2\nc,3' + end)


def test_quotation_marks_in_a_value_are_no_fault(read: Reader) -> None:
    assert read("a.csv", 'name,n\n5" pipe,1\n"a\nb",2\nc,d"e').rows["n"].tolist() == ["1", "2", 'd"e']


def test_the_separator_is_that_of_the_header_below_the_title(read: Reader) -> None:
    raw = read("a.csv", "甲,乙,丙,丁\n小区名称;栋数\n胜利小区,一期;5\n", columns=COLUMNS)
    assert raw.rows.to_numpy().tolist() == [["胜利小区,一期", "5"]]


FIELD = st.text(st.sampled_from('ab合计总:小路1 ,"\n'), max_size=5)


@given(st.lists(st.lists(FIELD, max_size=4), max_size=12), st.integers(0, 3))
def test_every_line_below_the_header_is_a_row_once_or_blank(lines: list[list[str]], titles: int) -> None:
    table = [["title"]] * titles + [["小区名称", "栋数", "户数"]] + lines
    given_rows = [line for line in lines if any(cell.strip() for cell in line)]
    known = tabular.known_names(InputFile("a.csv", columns=COLUMNS))
    if not given_rows:
        with pytest.raises(SourceError, match="empty"):
            tabular._table([list(line) for line in table], "utf-8", known, ())
        return
    raw = tabular._table([list(line) for line in table], "utf-8", known, ())
    assert raw.rows_read == len(given_rows) == len(raw.rows) + len(raw.refused)
    assert sorted([*raw.rows.index, *raw.refused["source_row"]]) == list(range(1, len(given_rows) + 1))
    for number, row in raw.rows.iterrows():
        assert row.tolist() == (given_rows[number - 1] + ["", "", ""])[:3]
