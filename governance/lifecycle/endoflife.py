"""Reading endoflife.date's API v1 (``products/full`` or one product): data in, plain values out.

A milestone comes as two keys, a flag and a date. Both absent says that the product does not
track this milestone: nothing is recorded, which stays *unknown*. A flag without a date is
either *not announced* (false) or *ended, date not given* (true); neither says *not applicable*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

MILESTONES = {
    "end_of_security_support": ("isEol", "eolFrom"),
    "end_of_active_support": ("isEoas", "eoasFrom"),
    "end_of_extended_support": ("isEoes", "eoesFrom"),
    "end_of_sale": ("isDiscontinued", "discontinuedFrom"),
}


class Unreadable(ValueError):
    """The data is not what the API gives; every reason with its place."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons[:5]))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class CycleFacts:
    """One cycle: its own fields, and milestones as (state, date) by kind."""

    code: str
    name: str
    released_on: date | None
    long_term: bool
    latest: str
    milestones: Mapping[str, tuple[str, date | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """One product with its cycles, in the order of the source."""

    code: str
    name: str
    category: str
    link: str
    cycles: tuple[CycleFacts, ...]


def read(document: Any) -> list[ProductFacts]:
    """All products of a document; raises :class:`Unreadable` with every fault at once."""
    result = document.get("result") if isinstance(document, dict) else None
    if isinstance(result, dict):
        result = [result]
    if not isinstance(result, list) or not result:
        raise Unreadable(["no “result” with products: is this endoflife.date API v1?"])
    reasons: list[str] = []
    products = [_product(item, f"result[{i}]", reasons) for i, item in enumerate(result)]
    seen: set[str] = set()
    for product in products:
        if product.code in seen:
            reasons.append(f"product {product.code!r} stands twice")
        seen.add(product.code)
    if reasons:
        raise Unreadable(reasons)
    return products


def _product(item: Any, place: str, reasons: list[str]) -> ProductFacts:
    if not isinstance(item, dict) or not isinstance(item.get("releases"), list):
        reasons.append(f"{place}: not a product with releases")
        return ProductFacts("", "", "", "", ())
    code = _text(item.get("name"), f"{place}.name", reasons, required=True)
    cycles = [
        _cycle(r, f"{code or place}.releases[{i}]", reasons) for i, r in enumerate(item["releases"])
    ]
    seen: set[str] = set()
    for cycle in cycles:
        if cycle.code in seen:
            reasons.append(f"{code}: cycle {cycle.code!r} stands twice")
        seen.add(cycle.code)
    links = item.get("links") if isinstance(item.get("links"), dict) else {}
    return ProductFacts(
        code=code,
        name=_text(item.get("label"), f"{code}.label", reasons) or code,
        category=_text(item.get("category"), f"{code}.category", reasons),
        link=_text((links or {}).get("html"), f"{code}.links.html", reasons),
        cycles=tuple(cycles),
    )


def _cycle(item: Any, place: str, reasons: list[str]) -> CycleFacts:
    if not isinstance(item, dict):
        reasons.append(f"{place}: not a release")
        return CycleFacts("", "", None, False, "")
    latest = item.get("latest")
    return CycleFacts(
        code=_text(item.get("name"), f"{place}.name", reasons, required=True),
        name=_text(item.get("label"), f"{place}.label", reasons),
        released_on=_day(item.get("releaseDate"), f"{place}.releaseDate", reasons),
        long_term=item.get("isLts") is True,
        latest=str(latest.get("name") or "") if isinstance(latest, dict) else "",
        milestones=_milestones(item, place, reasons),
    )


def _milestones(
    item: Mapping[str, Any], place: str, reasons: list[str]
) -> dict[str, tuple[str, date | None]]:
    found: dict[str, tuple[str, date | None]] = {}
    for kind, (flag, day_key) in MILESTONES.items():
        if flag not in item and day_key not in item:
            continue
        day = _day(item.get(day_key), f"{place}.{day_key}", reasons)
        ended = item.get(flag)
        if ended not in (True, False, None):
            reasons.append(f"{place}.{flag}: {ended!r} is neither true nor false")
        elif day is not None:
            found[kind] = ("dated", day)
        elif ended is None:
            found[kind] = ("not_applicable", None)
        else:
            found[kind] = ("ended_undated" if ended else "not_announced", None)
    return found


def _text(value: Any, place: str, reasons: list[str], *, required: bool = False) -> str:
    if value is None and not required:
        return ""
    # A cycle named 1.10 or 2024-10 must stay text: as a number it would lose its zero.
    if not isinstance(value, str) or (required and not value.strip()):
        reasons.append(f"{place}: {value!r} is not a text")
        return ""
    return value.strip()


def _day(value: Any, place: str, reasons: list[str]) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        reasons.append(f"{place}: {value!r} is not a date (YYYY-MM-DD)")
        return None
