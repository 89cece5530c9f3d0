"""Files made for a test, and imports of them in one line."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from registers import registry
from registers.transfer import profiles
from registers.transfer.faults import Fault
from registers.transfer.files import ods_file
from registers.transfer.importing import carry_out, plan_import
from registers.transfer.planning import Plan
from registers.transfer.source import Source
from registers.writing import Revision

IMPORTED = Revision(None, "imported by a test")


def csv_of(*rows: Sequence[Any], delimiter: str = ",") -> bytes:
    """Rows as CSV in UTF-8."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


def xlsx_of(*rows: Sequence[Any], title: str = "Sheet") -> bytes:
    """Rows as an Excel workbook."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def ods_of(*rows: Sequence[Any]) -> bytes:
    """Rows as an OpenDocument spreadsheet."""
    with ods_file("Sheet", rows[0], rows[1:]) as file:
        return file.read()


def zip_of(**entries: bytes) -> bytes:
    """A zip with entries; a double underscore in a name is a slash, a single one a dot."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


def planned(register: str, content: bytes, user: Any = None, **options: Any) -> Plan:
    """What importing this content would do; without a user the system does it."""
    declaration = registry.get(register)
    profile = profiles.get(register, options.pop("profile", ""))
    source = Source.of_bytes("test.csv", content)
    return plan_import(source, declaration, user=user, profile=profile, **options)


def imported(register: str, content: bytes, user: Any = None, **options: Any) -> Plan:
    """Import this content, which must be possible."""
    plan = planned(register, content, user, **options)
    assert plan.possible, sentences(plan)
    carry_out(plan, Revision(user, "imported by a test"))
    return plan


def sentences(plan: Plan) -> list[str]:
    """What is wrong, as lines."""
    return [fault.sentence() for fault in plan.faults.in_order()]


def only_fault(plan: Plan) -> Fault:
    """The one thing that is wrong."""
    assert plan.faults.count == 1, sentences(plan)
    return plan.faults.kept[0]
