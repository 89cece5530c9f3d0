"""Taking over endoflife.date: what is new and what moved, shown before it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from governance.lifecycle.endoflife import CycleFacts, ProductFacts
from governance.lifecycle.models import Cycle, Milestone, Product, Source
from registers import writing
from registers.writing import Revision

OURS = Source.ENDOFLIFE_DATE
PRODUCT_FIELDS = ("name", "category", "link")
CYCLE_FIELDS = ("name", "released_on", "long_term", "latest")


@dataclass(frozen=True, slots=True)
class Moved:
    """A milestone that reads otherwise than it stands; ``kept``: ours is not overwritten."""

    product: str
    cycle: str
    milestone: str
    before: str
    after: str
    kept: bool = False


@dataclass
class Plan:
    """What a sync would do. ``absent`` names cycles that stand here and are not in the source."""

    products_added: list[Product] = field(default_factory=list)
    products_changed: list[Product] = field(default_factory=list)
    cycles_added: list[Cycle] = field(default_factory=list)
    cycles_changed: list[Cycle] = field(default_factory=list)
    milestones_added: list[Milestone] = field(default_factory=list)
    milestones_changed: list[Milestone] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    products: int = 0
    cycles: int = 0

    @property
    def kept(self) -> list[Moved]:
        """Differences that are not taken: a contract, a notice or a person said otherwise."""
        return [m for m in self.moved if m.kept]

    def counts(self) -> dict[str, int]:
        """The plan in numbers."""
        return {
            "products": self.products,
            "cycles": self.cycles,
            "products_added": len(self.products_added),
            "products_changed": len(self.products_changed),
            "cycles_added": len(self.cycles_added),
            "cycles_changed": len(self.cycles_changed),
            "milestones_added": len(self.milestones_added),
            "milestones_moved": len(self.moved) - len(self.kept),
            "milestones_kept": len(self.kept),
            "cycles_absent": len(self.absent),
        }


def plan(facts: Sequence[ProductFacts], verified_on: date) -> Plan:
    """Compare with what stands: three queries, whatever the size; nothing is written.

    ``verified_on`` is the day of the source; it becomes the milestones' verification date only
    where they are new or changed, so that a second run of the same file changes nothing.
    """
    codes = [p.code for p in facts]
    products = {p.code: p for p in Product.objects.filter(code__in=codes)}
    cycles = {
        (c.product.code, c.code): c
        for c in Cycle.objects.filter(product__in=products.values()).select_related("product")
    }
    milestones = {
        (m.cycle_id, m.kind): m for m in Milestone.objects.filter(cycle__in=cycles.values())
    }
    made = Plan(products=len(facts), cycles=sum(len(p.cycles) for p in facts))
    for fact in facts:
        product = _product(fact, products.get(fact.code), made)
        for cycle_fact in fact.cycles:
            known = cycles.pop((fact.code, cycle_fact.code), None)
            cycle = _cycle(product, cycle_fact, known, made)
            for kind, read in cycle_fact.milestones.items():
                _milestone(cycle, kind, read, milestones.get((cycle.pk, kind)), verified_on, made)
    made.absent = sorted(f"{product} {cycle}" for product, cycle in cycles)
    return made


@transaction.atomic
def apply(planned: Plan, revision: Revision) -> None:
    """Write a plan, all of it or nothing."""
    writing.create_many(planned.products_added, revision)
    writing.update_many(planned.products_changed, revision, PRODUCT_FIELDS)
    for cycle in planned.cycles_added:
        cycle.product = cycle.product  # the key exists only now that the product is saved
    writing.create_many(planned.cycles_added, revision)
    writing.update_many(planned.cycles_changed, revision, CYCLE_FIELDS)
    for milestone in planned.milestones_added:
        milestone.cycle = milestone.cycle
    writing.create_many(planned.milestones_added, revision)
    writing.update_many(
        planned.milestones_changed, revision, ("state", "date", "link", "verified_on")
    )


def _product(fact: ProductFacts, product: Product | None, made: Plan) -> Product:
    if product is None:
        product = Product(code=fact.code, name=fact.name, category=fact.category, link=fact.link)
        made.products_added.append(product)
    elif _take(product, fact, PRODUCT_FIELDS):
        made.products_changed.append(product)
    return product


def _cycle(product: Product, fact: CycleFacts, cycle: Cycle | None, made: Plan) -> Cycle:
    if cycle is None:
        values = {name: getattr(fact, name) for name in CYCLE_FIELDS}
        cycle = Cycle(product=product, code=fact.code, **values)
        made.cycles_added.append(cycle)
    elif _take(cycle, fact, CYCLE_FIELDS):
        made.cycles_changed.append(cycle)
    return cycle


def _milestone(
    cycle: Cycle,
    kind: str,
    known: tuple[str, date | None],
    milestone: Milestone | None,
    verified_on: date,
    made: Plan,
) -> None:
    state, day = known
    if milestone is None:
        made.milestones_added.append(
            Milestone(
                cycle=cycle,
                kind=kind,
                state=state,
                date=day,
                source=OURS,
                link=cycle.product.link,
                verified_on=verified_on,
            )
        )
        return
    if (milestone.state, milestone.date) == known:
        return
    kept = milestone.source != OURS
    before = _words(milestone.state, milestone.date)
    made.moved.append(
        Moved(cycle.product.code, cycle.code, kind, before, _words(state, day), kept=kept)
    )
    if not kept:
        milestone.state, milestone.date, milestone.verified_on = state, day, verified_on
        made.milestones_changed.append(milestone)


def _take(record: Any, fact: Any, names: Sequence[str]) -> bool:
    changed = [n for n in names if getattr(record, n) != getattr(fact, n)]
    for name in changed:
        setattr(record, name, getattr(fact, name))
    return bool(changed)


def _words(state: str, day: date | None) -> str:
    return day.isoformat() if day is not None else state
