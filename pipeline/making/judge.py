"""What is out of date, and why: a step is done anew when what it was made from has other bytes than then, or
what it wrote has.

Beside the tables a record says of every step that was done what it was made from: the SHA-256 of each raw
file, table, module of its code, of the settings it sees and of the list of libraries; and of what it wrote.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import files, registry
from pipeline.config import Config
from pipeline.making import code
from pipeline.making.content import FORMAT, Contents, Signature, signature
from pipeline.making.steps import Places, Step, raw_files

#: The list of all libraries: a new version of any of them may change what a step writes.
LIBRARIES = code.ROOT / "requirements.lock"
#: The digest of what is not there.
ABSENT = "absent"


@dataclass(frozen=True)
class Begun:
    """What a step was made from, as it was when it began."""

    looks: dict[str, Signature | None]
    """The files that it reads."""
    made_from: dict[str, str]
    """All that it depends on → its digest."""


@dataclass
class Judge:
    """What is known of the steps of one district."""

    config: Config
    places: Places
    steps: Mapping[str, Step]
    contents: Contents
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    _code: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)
    _of_code: dict[Path, str] = field(default_factory=dict)
    _imported: dict[Path, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.writer = {path: step.name for step in self.steps.values() for path in step.writes}
        self.writer |= {record_path(self.places, name): name for name in self.steps}

    @classmethod
    def of(cls, config: Config, places: Places, steps: Mapping[str, Step]) -> Judge:
        """A judge with all that is kept beside the tables.

        Parameters
        ----------
        config : Config
        places : Places
        steps : mapping of str to Step
            By name, each after those whose files it reads.

        Returns
        -------
        Judge
            Records that cannot be read, or were written by another version, are left out.
        """
        judge = cls(config, places, steps, Contents.load(places.seen))
        judge.records = {name: kept for name in steps if (kept := read_record(places, name))}
        return judge

    def before(self, step: Step) -> list[str]:
        """The steps whose files a step reads, or that have to be done before it.

        Parameters
        ----------
        step : Step

        Returns
        -------
        list of str
            Names, each once.
        """
        reads = [self.writer[path] for path in step.reads.values() if path in self.writer]
        return list(dict.fromkeys([*reads, *(name for name in step.after if name in self.steps)]))

    def made_from(self, step: Step) -> dict[str, str]:
        """All that a step depends on, as it is now.

        Parameters
        ----------
        step : Step

        Returns
        -------
        dict of str to str
            `raw FILE`, `made TABLE`, `setting PATH`, `code FILE` and `libraries` → digest; ABSENT: it is not
            there.
        """
        found = {f"raw {name}": self._digest(path) for name, path in self._raw(step).items()}
        found |= {f"made {name}": self._digest(path) for name, path in step.reads.items()}
        found |= {f"made {name}": "not in the configuration" for name in step.absent}
        if step.absent:
            found["setting district.crs"] = _digest_of(self.config.district.crs)
        for path in step.settings:
            found[f"setting {path}"] = _digest_of(
                registry.setting(self.config, path) if path else self.config
            )
        found["libraries"] = self._digest(LIBRARIES)
        return found | self.code_of(step)

    def begin(self, step: Step) -> Begun:
        """What a step is about to be made from.

        Parameters
        ----------
        step : Step

        Returns
        -------
        Begun

        Notes
        -----
        Files are looked at before they are read: what is replaced later shows.
        """
        return Begun(self._looks(step), self.made_from(step))

    def changed_since(self, step: Step, begun: Begun) -> list[str]:
        """Files that a step reads and that were changed, came or went after it began.

        Parameters
        ----------
        step : Step
        begun : Begun
            From `begin`, before the step read them.

        Returns
        -------
        list of str
            Paths of those that look other than they did; else names of those that have other bytes: they were
            changed just before, and again within a tick of the clock.
        """
        looks, made_from = self._looks(step), self.made_from(step)
        differ = [
            path for path in {**begun.looks, **looks} if begun.looks.get(path, ()) != looks.get(path, ())
        ]
        kinds = ("raw ", "made ")
        return differ or [
            name.partition(" ")[2]
            for name, digest in made_from.items()
            if name.startswith(kinds) and begun.made_from.get(name) != digest
        ]

    def _looks(self, step: Step) -> dict[str, Signature | None]:
        return {str(path): signature(path) for path in (*self._raw(step).values(), *step.reads.values())}

    def _raw(self, step: Step) -> dict[str, Path]:
        there = raw_files(step.raw, self.places.raw)
        optional = {entry.path for entry in step.raw if entry.optional}
        return {name: path for name, path in there.items() if name not in optional or path.exists()}

    def code_of(self, step: Step) -> dict[str, str]:
        """The files of the code that a step depends on, and their digests when this was first asked.

        Parameters
        ----------
        step : Step

        Returns
        -------
        dict of str to str
            `code FILE` → digest; paths relative to the project.

        Notes
        -----
        To be asked before that code is loaded: what is edited later is not what runs.
        """
        if step.code not in self._code:
            paths = code.closure(step.code, self._imports)
            for path in paths:
                if path not in self._of_code:
                    self._of_code[path] = self._digest(path)
            self._code[step.code] = {f"code {_relative_name(path)}": self._of_code[path] for path in paths}
        return self._code[step.code]

    def _imports(self, path: Path, module: str) -> Sequence[str]:
        if path not in self._imported:
            known = self.contents.remembered(path)
            if known is None:
                known = code.imported(path.read_bytes(), module, is_package=path.name == "__init__.py")
                self.contents.remember(path, known)
            self._imported[path] = known
        return self._imported[path]

    def _digest(self, path: Path) -> str:
        return self.contents.digest(path) or ABSENT

    def written(self, step: Step) -> dict[str, str]:
        """What a step wrote, as it is now.

        Parameters
        ----------
        step : Step

        Returns
        -------
        dict of str to str
            Number in `step.writes` → digest; of a step whose files a person may change, path → whether it is
            there.
        """
        if step.kept:
            return {str(path): "there" if path.exists() else ABSENT for path in step.writes}
        return {str(number): self._digest(path) for number, path in enumerate(step.writes)}

    def why(self, step: Step) -> list[str]:
        """What makes a step out of date by itself, in an operator's words.

        Parameters
        ----------
        step : Step

        Returns
        -------
        list of str
            Empty: it is fresh.
        """
        record = self.records.get(step.name)
        missing = [path for path in step.writes if signature(path) is None]
        if missing:
            return [f"{path} is not there" for path in missing]
        if record is None:
            return ["it was not made by this pipeline yet, or not to the end"]
        return [
            *_changes(record["from"], self.made_from(step)),
            *(
                f"{path} is not as it was written"
                for path, was, now in zip(
                    step.writes, record["to"].values(), self.written(step).values(), strict=False
                )
                if was != now
            ),
        ]

    def out_of_date(self) -> dict[str, list[str]]:
        """Every step that would be done anew, each with the reasons; one that only follows says from what."""
        found: dict[str, list[str]] = {}
        for step in self.steps.values():
            said = self.why(step)
            follows = [
                name for name in self.before(step) if name in found and not _only_after(self, step, name)
            ]
            if follows:
                said.append(f"follows from {_first_names(follows)}")
            if said:
                found[step.name] = said
        return found

    def record(self, step: Step, begun: Begun) -> None:
        """Keep that a step was done, and from what.

        Parameters
        ----------
        step : Step
            What it wrote is whole by now.
        begun : Begun
            From `begin`, before it read anything.

        Raises
        ------
        WriteError
            The disk does not take the record.
        """
        raw = {
            name: {"bytes": look[0], "sha256": begun.made_from[f"raw {name}"]}
            for name, path in self._raw(step).items()
            if (look := begun.looks.get(str(path)))
        }
        self.records[step.name] = {
            "format": FORMAT,
            "from": begun.made_from,
            "to": self.written(step),
            **({"raw": raw} if step.raw else {}),
        }
        text = json.dumps(self.records[step.name], indent=1)
        files.write(record_path(self.places, step.name), text.encode())

    def save(self) -> None:
        """Keep what was found out about files."""
        self.contents.save(self.places.seen)


SOME = 3
"""Number of names that are listed of many."""


def _first_names(names: Sequence[str]) -> str:
    more = len(names) - SOME
    return ", ".join(names) if more < 2 else f"{', '.join(names[:SOME])} and {more} more"


def _only_after(judge: Judge, step: Step, name: str) -> bool:
    """Whether a step reads nothing that another writes: then it is not out of date because that one is."""
    return name != "sample" and all(judge.writer.get(path) != name for path in step.reads.values())


def record_path(places: Places, name: str) -> Path:
    """Where the record of a step is kept.

    Parameters
    ----------
    places : Places
    name : str
        Of the step.

    Returns
    -------
    Path
    """
    return places.records / f"{name}.json"


def read_record(places: Places, name: str) -> dict[str, Any] | None:
    """The record of a step.

    Parameters
    ----------
    places : Places
    name : str
        Of the step.

    Returns
    -------
    dict or None
        "from" and "to" (digests), and "raw" (bytes and sha256 of each raw file) if it reads any; None: it was
        not done to the end, or by another version.
    """
    try:
        record: dict[str, Any] = json.loads(record_path(places, name).read_bytes())
        return record if record["format"] == FORMAT else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> Iterable[str]:
    for name in dict.fromkeys([*before, *now]):
        was, is_ = before.get(name), now.get(name)
        if was == is_:
            continue
        kind, _, what = name.partition(" ")
        title = {
            "raw": f"raw file {what}",
            "made": what,
            "setting": f"{what or 'something'} in the configuration",
            "code": f"the program, {what}",
            "libraries": "the list of libraries, requirements.lock",
        }[kind]
        if is_ in (None, ABSENT):
            yield (
                f"{title}: is not there any more"
                if kind != "setting"
                else f"{title}: does not count any more"
            )
        elif was in (None, ABSENT):
            yield f"{title}: is new"
        else:
            yield f"{title}: changed"


def _digest_of(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def _relative_name(path: Path) -> str:
    return path.relative_to(code.ROOT).as_posix()
