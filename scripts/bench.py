"""Measure: run every `benches/*.py`, print one table, keep the figures in `var/bench.json`.

A bench is a module with `run() -> dict`. Under `rows` that dict has what the table shows, each
row with `what` was measured, at which `size`, the figure `measured` and its `unit`, the figure of
the `baseline` and what it is the `baselineOf`, their `ratio` as the bench defines it, the `aim` in
words and whether it was `reached`. What else the dict holds goes to the JSON alone.

Each bench has a process, a folder and a migrated database of its own. It runs on SQLite; one that
says `ENGINES = ("sqlite", "postgresql")` runs on both, where PostgreSQL answers.
"""

import argparse
import ast
import importlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.db import connection
from rich.console import Console
from rich.table import Table

from scripts.check import DATABASE_URL, ask_postgresql, refusal

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
RESULT = VAR / "bench.json"
COLUMNS = ("what", "size", "engine", "measured", "baseline", "ratio", "aim", "reached")
KEYS = {"what", "size", "measured", "unit", "baseline", "baselineOf", "ratio", "aim", "reached"}
TABLE_WIDTH = 160


def measure_here(name: str, result: Path) -> None:
    """In a process of its own: make the database, run one bench, write what it found."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    folder = Path(os.environ["REGIE_VAR"])
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(folder / "bench.sqlite3")
    connection.settings_dict["CONN_MAX_AGE"] = 0
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        found = importlib.import_module(f"benches.{name}").run()
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
    result.write_text(json.dumps(found))


def measure(name: str, engine: str) -> dict[str, Any] | None:
    """Run one bench on one engine; nothing when it broke (its own words stand above)."""
    folder = VAR / "bench" / f"{name}-{engine}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    result = folder / "result.json"
    addresses = {"sqlite": f"sqlite:///{folder / 'regie.sqlite3'}", "postgresql": DATABASE_URL}
    done = subprocess.run(
        [sys.executable, "-m", "scripts.bench", "--one", name, "--result", str(result)],
        cwd=ROOT,
        env={
            **os.environ,
            "REGIE_VAR": str(folder),
            "DATABASE_URL": addresses[engine],
            "LOG_LEVEL": "WARNING",
        },
        check=False,
    )
    if done.returncode:
        return None
    found: dict[str, Any] = json.loads(result.read_text())
    rows = found.get("rows", [])
    lacking = sorted({key for row in rows for key in KEYS - row.keys()})
    if lacking or not rows:
        print(f"benches/{name}.py gives {f'rows without {lacking}' if rows else 'no rows'}.")
        return None
    return {**found, "rows": [{**row, "engine": engine} for row in rows]}


def engines_of(name: str) -> tuple[str, ...]:
    """Which engines a bench asks for, read without importing it here."""
    for node in ast.parse((ROOT / "benches" / f"{name}.py").read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ENGINES":
            return tuple(ast.literal_eval(node.value))
    return ("sqlite",)


def figure(value: float | None, unit: str) -> str:
    """A figure of three significant digits, or whole, with its unit; a dash where none is."""
    if value is None:
        return "—"
    return f"{value:{',.0f' if abs(value) >= 999.5 else '.3g'}} {unit}".strip()


def print_table(rows: Sequence[Mapping[str, Any]]) -> None:
    """One line for each figure."""
    table = Table(*COLUMNS)
    for row in rows:
        baseline = figure(row["baseline"], row["unit"])
        table.add_row(
            row["what"],
            row["size"],
            row["engine"],
            figure(row["measured"], row["unit"]),
            f"{baseline} ({row['baselineOf']})",
            figure(row["ratio"], ""),
            row["aim"],
            "yes" if row["reached"] else "NO",
        )
    Console(width=TABLE_WIDTH).print(table)


def main() -> int:
    """Run all benches, or those named; 1 when one broke, whatever the aims say."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="names of benches; all without any")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--result", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        measure_here(asked.one, asked.result)
        return 0
    names = asked.names or sorted(
        path.stem for path in ROOT.glob("benches/*.py") if not path.stem.startswith("_")
    )
    without_postgresql = refusal(ask_postgresql)
    benches: dict[str, dict[str, Any] | None] = {}
    for name in names:
        for engine in engines_of(name):
            if engine == "postgresql" and without_postgresql:
                print(f"{name} on PostgreSQL is skipped: {without_postgresql}")
                continue
            print(f"{name} on {engine}", flush=True)
            benches[f"{name}-{engine}"] = measure(name, engine)
    print_table([row for found in benches.values() if found for row in found["rows"]])
    machine = {"cpu": os.cpu_count(), "platform": platform.platform(), "python": sys.version}
    measured_at = datetime.now(UTC).isoformat(timespec="seconds")
    RESULT.write_text(
        json.dumps({"measuredAt": measured_at, "machine": machine, "benches": benches}, indent=2)
    )
    print(f"Kept in {RESULT}")
    return 0 if all(benches.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
