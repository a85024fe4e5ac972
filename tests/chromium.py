"""The browser the tests of the map run in."""

from __future__ import annotations

import os
import shutil

import pytest

from pipeline.publish.picture import BROWSERS


def chromium() -> str:
    """Path of Chromium. Without it the test is skipped, except in CI (CI=true), where it fails."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found:
        return found
    message = f"no Chromium on PATH ({', '.join(BROWSERS)}); Debian: apt-get install chromium"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
