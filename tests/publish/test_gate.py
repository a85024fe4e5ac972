"""What stops the hand-off is said with what would mend it."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from pipeline.commands.gate import pass_gate
from pipeline.commands.run import RefusedError


def test_a_check_that_fails_is_named_with_its_remedy_and_one_that_warns_is_not() -> None:
    columns = ["check", "verdict", "measured", "expected", "note"]
    rows = [
        ("known", "fail", "b1 is not", "all known", "take the line out"),
        ("sum", "fail", "3", "4", None),
        ("odd", "warn", "1", "0", "x"),
    ]
    checks = pd.DataFrame(rows, columns=columns).astype("str")
    with pytest.raises(RefusedError) as said:
        pass_gate(SimpleNamespace(read=lambda *_: {"checks": checks}))  # type: ignore[arg-type]
    assert str(said.value).splitlines()[1:] == [
        "  known: b1 is not; expected all known; take the line out",
        "  sum: 3; expected 4",
    ]
