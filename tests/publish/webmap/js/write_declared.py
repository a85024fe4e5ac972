"""Writes what every page is given of pipeline/tables beside this file, for the tests without a browser (make test-js)."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.publish.webmap.declared import declared

given = declared(deciding=True, release=True, tiles=None)
Path(__file__).with_name("declared.json").write_text(json.dumps(given), encoding="utf-8")
