"""What a file has in it, found without reading it where nothing was changed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipeline.making import content
from pipeline.making.content import Contents, settled, signature


@pytest.fixture
def reads(monkeypatch):
    """The names of the files that were read."""
    read: list[str] = []
    real = content.sha256

    def counted(path: Path) -> str:
        read.append(path.name)
        return real(path)

    monkeypatch.setattr(content, "sha256", counted)
    return read


@pytest.fixture
def old(tmp_path):
    """A file whose last change is past the tick of the clock."""
    path = tmp_path / "a"
    path.write_text("one")
    time.sleep(content.TICK_NS * 1.2 / 1e9)
    return path


def test_a_file_that_looks_as_it_did_is_not_read_again(old, reads, tmp_path):
    contents = Contents()
    assert contents.digest(old) == contents.digest(old)
    contents.save(tmp_path / "kept.json")
    Contents.load(tmp_path / "kept.json").digest(old)
    assert reads == ["a"]


def test_one_that_was_changed_and_given_its_old_time_again_is_read(old, reads):
    contents, seen = Contents(), old.stat()
    before = contents.digest(old)
    old.write_text("two")
    os.utime(old, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert contents.digest(old) != before and len(reads) == 2


def test_one_that_was_changed_just_now_is_not_trusted(tmp_path, reads):
    path, contents = tmp_path / "a", Contents()
    path.write_text("one")
    contents.digest(path)
    contents.digest(path)
    assert reads == ["a", "a"]
    contents.settle([path])
    contents.digest(path)
    assert reads == ["a", "a", "a"], "once its time is past, it is read once more, and then trusted"


def test_a_change_in_the_same_tick_shows_after_it():
    tick = content.TICK_NS
    assert not settled((1, 1000, 1000 + 3, 9), 1000 + tick)
    assert settled((1, 1001, 1002, 9), 1003 + tick)
    second = content.SECOND_NS
    assert not settled((1, 5 * second, 5 * second, 9), 6 * second), "a drive that keeps whole seconds only"


def test_what_is_not_there_or_no_file_has_no_digest(tmp_path):
    assert Contents().digest(tmp_path / "none") is None and Contents().digest(tmp_path) is None
    (tmp_path / "link").symlink_to("nowhere")
    assert signature(tmp_path / "link") is None


def test_notes_that_are_damaged_are_no_notes(tmp_path):
    for text in ("", "{", "[]", '{"format": 0, "files": {}}', '{"format": 1, "files": {"a": 3}}'):
        (tmp_path / "kept.json").write_text(text)
        assert Contents.load(tmp_path / "kept.json").known == {}
