"""Messages name the file that they are about, whoever raised them."""

from __future__ import annotations

import pytest

from pipeline.raw.errors import NoRowsError, SourceError, about


def test_the_door_names_the_file_and_what_is_inside_names_its_part() -> None:
    with (
        pytest.raises(SourceError, match=r"^a\.zip, b\.gpkg: cut off$"),
        about("a.zip"),
        about(part="b.gpkg"),
    ):
        raise SourceError("cut off")


def test_what_an_error_is_about_already_is_kept() -> None:
    with (
        pytest.raises(SourceError, match=r"^a\.csv, line 3: no quotation mark$"),
        about("b.csv", part="sheet"),
        about("a.csv"),
    ):
        raise SourceError("no quotation mark", part="line 3")


def test_an_error_keeps_its_kind_and_what_it_knows() -> None:
    with pytest.raises(NoRowsError, match=r"^a\.csv: empty$") as found, about("a.csv"):
        raise NoRowsError("empty", ["name"])
    assert found.value.columns == ("name",)


def test_an_error_of_nothing_named_says_only_what_is_wrong() -> None:
    assert str(SourceError("empty")) == "empty"
