"""What the exchange asks the registers: which dependencies there are, and all of it as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from continuity.chain.models import Alternative
from registers import registry
from registers.access import SYSTEM
from registers.transfer.cells import Notation
from registers.transfer.exporting import Export
from registers.transfer.values import undefused


def requirements_by_pair() -> Mapping[tuple[str, str], str]:
    """The requirement under which each dependency stands, by the codes of its two ends.

    Where there are several, the first in the order of their names.
    """
    rows = Alternative.objects.for_user(SYSTEM).order_by("-requirement__label")
    codes = ("requirement__element__code", "element__code", "requirement__label")
    return {(needing, needed): label for needing, needed, label in rows.values_list(*codes)}


def rows_of(register: str) -> Iterator[dict[str, Any]]:
    """The records of a register by column, as its export writes them; empty cells are absent."""
    declaration = registry.get(register)
    export = Export(declaration, None, Notation())
    names = export.headings()
    for cells in export.rows(declaration.model.objects.for_user(SYSTEM)):
        yield {name: undefused(str(cell)) for name, cell in zip(names, cells, strict=True) if cell}
