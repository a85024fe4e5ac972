"""Packed blocks read back: what js/decode.js, shapes.js and table.js do, for tests without a browser."""

from __future__ import annotations

import base64
import gzip
import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.publish.webmap.pack import Block

Ring = list[list[int]]


@dataclass
class Unpacked:
    """The head and the body of a block."""

    head: dict[str, Any]
    body: bytes

    def numbers(self, place: list[int]) -> Any:
        begins, length, width, *running = place
        planes = (
            np.frombuffer(self.body, np.uint8, length * width, begins).reshape(width, length).astype(np.int64)
        )
        numbers = (planes << (8 * np.arange(width))[:, None]).sum(axis=0)
        return np.cumsum(_signed(numbers)) if running else numbers

    def values(self, place: list[int]) -> Any:
        begins, length = place
        return json.loads(self.body[begins : begins + length])

    def column(self, spec: dict[str, Any], ids: list[str] | None = None) -> list[Any]:
        """The values of a column; ids: of a link, the key of the table it names rows of."""
        if "row" in spec:
            known = [None, *(ids or []), *self.values(spec["extra"])]
            return [known[at] for at in self.numbers(spec["row"])]
        numbers = self.numbers(spec["n"])
        if "t" in spec:
            before, after, write = (
                self.values(spec["of"]),
                self.values(spec["then"]),
                f"0{spec['hex']}x" if "hex" in spec else "",
            )
            return [
                None
                if not t
                else before[t - 1]
                if after[t - 1] is None
                else f"{before[t - 1]}{n:{write}}{after[t - 1]}"
                for t, n in zip(self.numbers(spec["t"]), numbers, strict=True)
            ]
        read = [(spec["least"] + int(n) - 1) for n in numbers]
        flag = spec.get("flag", False)
        return [
            None if not n else value == 1 if flag else value / spec["over"]
            for n, value in zip(numbers, read, strict=True)
        ]

    def rings(self, spec: dict[str, Any], walls: Unpacked | None = None) -> list[list[Ring]]:
        """Each shape as its rings, in units; walls: of buildings, the block that tells their points."""
        counts = self.numbers(spec["rings"])
        firsts = _signed(self.numbers(spec["firsts"])).reshape(-1, 2).cumsum(axis=0)
        told, spec = (walls, walls.head) if walls else (self, spec)
        points = told.numbers(spec["points"])
        steps = iter(_signed(told.numbers(spec["steps"])).reshape(-1, 2).tolist())
        turns = zip(
            *(_signed(told.numbers(spec[name])).tolist() for name in ("along", "across") if name in spec),
            strict=True,
        )
        rings = []
        for first, n in zip(firsts.tolist(), points.tolist(), strict=True):
            moves: list[list[int]] = []
            for k in range(n - 1):
                moves.append(_turned(moves, *next(turns)) if k and "along" in spec else next(steps))
            rings.append(np.cumsum([first, *moves], axis=0).tolist())
        assert next(steps, None) is None, "steps are left over"
        assert next(turns, None) is None, "turns are left over"
        ends = np.cumsum(counts).tolist()
        return [rings[end - n : end] for end, n in zip(ends, counts.tolist(), strict=True)]


def told(block: Unpacked) -> list[list[tuple[int | None, int, list[tuple[str, str]]]]]:
    """For each area what is said of it: [(neighbour, or none where it is of the area itself; percent; (zh,
    en) sentences), …].
    """
    said = list(zip(block.column(block.head["zh"]), block.column(block.head["en"]), strict=True))
    sentences = iter([said[i] for i in block.numbers(block.head["sentences"])])
    columns = [block.numbers(block.head[name]) for name in ("of", "sure", "said")]
    columns[0] = [None if not of else int(_signed(of - 1)) for of in columns[0]]
    paragraphs = iter(
        [(of, int(sure), [next(sentences) for _ in range(n)]) for of, sure, n in zip(*columns, strict=True)]
    )
    areas = []
    for area, n in enumerate(block.numbers(block.head["paragraphs"])):
        own = [next(paragraphs) for _ in range(n)]
        areas.append([(None if away is None else area + away, sure, texts) for away, sure, texts in own])
    assert next(paragraphs, None) is None
    assert next(sentences, None) is None
    return areas


def _turned(moves: list[list[int]], along: int, across: int) -> list[int]:
    """The step after these, of a building."""
    (last_x, last_y), (x, y) = moves[-2] if len(moves) > 1 else (0, 0), moves[-1]
    if abs(x) >= abs(y):
        tall = along - last_y
        return [across + (math.floor(-(tall * y) / x + 0.5) if x else 0), tall]
    wide = along - last_x
    return [wide, across + math.floor(-(wide * x) / y + 0.5)]


def _signed(numbers: Any) -> Any:
    return (numbers >> 1) ^ -(numbers & 1)


def unpack(text: str) -> Unpacked:
    """A block as it stands in a page."""
    whole = gzip.decompress(base64.b64decode(text, validate=True))
    end = 4 + int.from_bytes(whole[:4], "little")
    return Unpacked(json.loads(whole[4:end]), whole[end:])


def read(block: Block) -> Unpacked:
    """A block that has been made, through its text."""
    return unpack(block.text())


def columns(picture: Unpacked, facts: Unpacked, table: str) -> dict[str, list[Any]]:
    """The columns of a table, of both blocks, by name."""
    found = {}
    for block in (picture, facts):
        for name, spec in block.head["tables"].get(table, {"columns": {}})["columns"].items():
            ids = columns(picture, facts, spec["table"]).get(spec["key"]) if "row" in spec else None
            found[name] = block.column(spec, ids)
    return found
