"""How often text is read in the encoding it was written in, by us and by two libraries: `make
bench-encodings`.

Names of countries and their parts in 20 languages (pycountry's translations), and real ones where
../shared/data is at hand, are written in the encodings that are used for them, so many at a time. "Surely
wrong" is a wrong reading of which nothing is said: ours at a confidence of 0.9 or more; the libraries state
none that can be compared, so theirs are all sure.
"""

from __future__ import annotations

import csv
import gettext
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import chardet
import charset_normalizer
import pycountry

from pipeline.readers import encodings

DATA = Path(__file__).resolve().parents[2] / "shared/data"
SIZES = (1, 3, 10, 50)
TRIALS = 25
CYRILLIC, CENTRAL = ("cp1251", "koi8-r", "cp866", "iso8859-5", "utf-8"), ("cp1250", "iso8859-2")
ENCODINGS = {
    "zh_CN": ("gb18030", "utf-8"),
    "zh_TW": ("cp950", "utf-8"),
    "ko": ("cp949", "utf-8"),
    "ja": ("cp932", "euc_jp", "utf-8"),
    "ru": CYRILLIC,
    "uk": ("cp1251", "koi8-u", "utf-8"),
    "bg": ("cp1251",),
    **dict.fromkeys(("de", "fr"), ("cp1252", "cp850", "utf-8")),
    **dict.fromkeys(("es", "sv", "pt", "it"), ("cp1252",)),
    **dict.fromkeys(("pl", "hu"), CENTRAL),
    "cs": (*CENTRAL, "cp852"),
    "el": ("cp1253", "iso8859-7"),
    "tr": ("cp1254",),
    "th": ("cp874",),
    "vi": ("utf-8",),
}
#: Files of real names; OpenStreetMap's are looked through value by value.
REAL = {
    "zh_CN": ("suzhou/estates_2020.csv", "xigang/estates_2020.csv", "places/shenzhen", "places/chengdu_n"),
    "ko": ("places/suwon",),
    "ru": ("places/moscow", "places/volgograd_c", "places/butovo", "places/spb_c", "snezhinsk"),
    "de": ("places/berlin",),
    "sv": ("places/kista",),
    "vi": ("places/hanoi",),
}
Guess = tuple[str, float]


def ours(names: Sequence[bytes]) -> Guess:
    """What ingest would read them in, and how sure it would be."""
    found = encodings.decide(names)
    return found.encoding, found.confidence


def by_chardet(names: Sequence[bytes]) -> Guess:
    """What chardet says."""
    return chardet.detect(b"\n".join(names))["encoding"] or "", 1.0


def by_charset_normalizer(names: Sequence[bytes]) -> Guess:
    """What charset-normalizer says."""
    best = charset_normalizer.from_bytes(b"\n".join(names)).best()
    return (best.encoding if best else ""), 1.0


METHODS: dict[str, Callable[[Sequence[bytes]], Guess]] = {
    "ours": ours,
    "chardet": by_chardet,
    "charset-normalizer": by_charset_normalizer,
}


def translated(language: str) -> set[str]:
    """Names of countries and their parts."""
    found: set[str] = set()
    for domain in ("iso3166-1", "iso3166-2"):
        if gettext.find(domain, pycountry.LOCALES_DIR, [language]):
            catalogue = gettext.translation(domain, pycountry.LOCALES_DIR, [language])
            found |= {str(text) for key, text in catalogue._catalog.items() if key and text}  # type: ignore[attr-defined]
    return found


def real(language: str) -> set[str]:
    """Texts of the real files of a language."""
    found: set[str] = set()
    for path in (DATA / name for name in REAL.get(language, ())):
        if path.suffix == ".csv" and path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as file:
                found |= {cell for row in csv.reader(file) for cell in row}
        for file in sorted(path.glob("*.geojson")):
            features = json.loads(file.read_text(encoding="utf-8"))["features"]
            found |= {
                value
                for feature in features
                for value in feature["properties"].values()
                if isinstance(value, str)
            }
    return found


def pools(language: str, encoding: str) -> list[list[bytes]]:
    """The names to draw from, by source, as that encoding writes those that it can."""
    found = []
    for names in (translated(language), real(language)):
        usable = sorted(
            name.strip()
            for name in names
            if not name.isascii() and 2 <= len(name.strip()) <= 60 and "\n" not in name
        )
        written = [name.encode(encoding, errors="ignore") for name in usable]
        kept = [
            data
            for name, data in zip(usable, written, strict=True)
            if data.decode(encoding) == name and not data.isascii()
        ]
        found.append(kept)
    return [pool for pool in found if len(pool) >= 5]


def same(names: Sequence[bytes], guessed: str, encoding: str) -> bool:
    """Whether every name reads alike in both."""
    try:
        return bool(guessed) and all(name.decode(guessed) == name.decode(encoding) for name in names)
    except (UnicodeDecodeError, LookupError):
        return False


def main() -> None:
    """Print one table a number of names: method, right, surely wrong."""
    samples = {size: [] for size in SIZES}
    for language, chosen in ENCODINGS.items():
        for encoding in chosen:
            for pool in pools(language, encoding):
                for size in SIZES:
                    draw = random.Random(f"{language} {encoding} {size}")
                    samples[size] += [(encoding, draw.choices(pool, k=size)) for _ in range(TRIALS)]
    print("| names | method | samples | right | surely wrong |\n|---:|---|---:|---:|---:|")
    for size, drawn in samples.items():
        for method, guess in METHODS.items():
            results = [
                (same(names, (found := guess(names))[0], encoding), found[1]) for encoding, names in drawn
            ]
            right = sum(ok for ok, _ in results) / len(results)
            wrong = sum(not ok and confidence >= encodings.SURE for ok, confidence in results) / len(results)
            print(f"| {size} | {method} | {len(results):,} | {right:.1%} | {wrong:.1%} |", flush=True)


if __name__ == "__main__":
    main()
