"""Packed blocks read back: what js/decode.js, shapes.js and table.js do, for tests without a browser."""

from __future__ import annotations

import base64
import gzip
import json
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
        begins, length, width = place
        planes = np.frombuffer(self.body, np.uint8, length * width, begins).reshape(width, length).astype(np.int64)
        return (planes << (8 * np.arange(width))[:, None]).sum(axis=0)

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
            before, after = self.values(spec["of"]), self.values(spec["then"])
            return [
                None if not t else before[t - 1] if after[t - 1] is None else f"{before[t - 1]}{n}{after[t - 1]}"
                for t, n in zip(self.numbers(spec["t"]), numbers, strict=True)
            ]
        read = [(spec["least"] + int(n) - 1) for n in numbers]
        flag = spec.get("flag", False)
        return [None if not n else value == 1 if flag else value / spec["over"] for n, value in zip(numbers, read, strict=True)]

    def rings(self, spec: dict[str, Any]) -> list[list[Ring]]:
        """Each shape as its rings, in units."""
        counts, points = self.numbers(spec["rings"]), self.numbers(spec["points"])
        firsts = _signed(self.numbers(spec["firsts"])).reshape(-1, 2).cumsum(axis=0)
        steps = iter(_signed(self.numbers(spec["steps"])).reshape(-1, 2).tolist())
        rings = []
        for first, n in zip(firsts.tolist(), points.tolist(), strict=True):
            moves: list[list[int]] = []
            for k in range(n - 1):
                x, y = next(steps)
                if spec["walls"] and k >= 2:
                    x, y = x - moves[k - 2][0], y - moves[k - 2][1]
                moves.append([x, y])
            rings.append(np.cumsum([first, *moves], axis=0).tolist())
        assert next(steps, None) is None, "steps are left over"
        ends = np.cumsum(counts).tolist()
        return [rings[end - n : end] for end, n in zip(ends, counts.tolist(), strict=True)]


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
