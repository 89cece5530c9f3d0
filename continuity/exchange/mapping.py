"""The mapping between ArchiMate and the chain: which type is which kind, and who needs whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

NEEDS = ("source", "target", "nobody")
Because = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ElementRule:
    """What kind of element a type becomes; none at all where ``kind`` is empty."""

    kind: str
    because: Because


@dataclass(frozen=True, slots=True)
class RelationshipRule:
    """Which end of a relationship needs the other; empty ``source_types``, ``access`` fit all."""

    type: str
    needs: str
    because: Because
    source_types: frozenset[str]
    access: frozenset[str]

    def fits(self, type_: str, source_type: str, access: str) -> bool:
        """Whether this rule is about such a relationship."""
        return (
            type_ == self.type
            and (not self.source_types or source_type in self.source_types)
            and (not self.access or access in self.access)
        )


@dataclass(frozen=True, slots=True)
class WrittenAs:
    """The relationship that an export writes; empty ``needing`` and ``needed`` fit all kinds."""

    type: str
    access: str
    needing: frozenset[str]
    needed: frozenset[str]


@dataclass(frozen=True)
class Correspondence:
    """How a model becomes rows and rows a model; as a mapping file says it."""

    languages: Sequence[str]
    documentation: str
    elements: Mapping[str, ElementRule]
    relationships: Sequence[RelationshipRule]
    element_properties: Mapping[str, str]
    dependency_properties: Mapping[str, str]
    types: Mapping[str, str]
    written: Sequence[WrittenAs]

    def rule_of(self, type_: str, source_type: str, access: str) -> RelationshipRule | None:
        """The first rule that fits a relationship."""
        return next((r for r in self.relationships if r.fits(type_, source_type, access)), None)

    def written_as(self, needing: str, needed: str) -> WrittenAs:
        """How a dependency between two kinds is written."""
        return next(
            one
            for one in self.written
            if (not one.needing or needing in one.needing)
            and (not one.needed or needed in one.needed)
        )

    def property_names(self) -> frozenset[str]:
        """The properties that are read."""
        return frozenset([*self.element_properties.values(), *self.dependency_properties.values()])


def told(because: Because) -> str:
    """A reason in the language that is active, else in any that it has."""
    language = (get_language() or "nl").partition("-")[0]
    return because.get(language) or next(iter(because.values()), "")
