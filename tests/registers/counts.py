"""The number of queries that pages may cost, kept in a file: a change of it is seen in review.

``UPDATE_QUERY_COUNTS=1`` writes what was counted instead of comparing.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

FILE = Path(__file__).with_name("query_counts.json")
AT_MOST = {"list": 12, "record": 20, "api-list": 12, "api-record": 12}
"""The aims of a list and a record page; the REST interface keeps to the list's."""


class Counts:
    """The counts of the file."""

    def __init__(self) -> None:
        self.update = os.environ.get("UPDATE_QUERY_COUNTS") == "1"

    def check(self, register: str, counted: dict[str, int]) -> None:
        """Compare with the file, or write to it; nothing may cost more than its aim."""
        too_many = {name: n for name, n in counted.items() if n > AT_MOST[name]}
        assert not too_many, f"{register}: more queries than the aim {AT_MOST}: {too_many}"
        known = json.loads(FILE.read_text()) if FILE.exists() else {}
        if self.update:
            known[register] = counted
            FILE.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
            return
        assert known.get(register) == counted, (
            f"{register} costs {counted}, and not {known.get(register)} as query_counts.json says;"
            " if that is meant, run with UPDATE_QUERY_COUNTS=1 and look at the difference"
        )
