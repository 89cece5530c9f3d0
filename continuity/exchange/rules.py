"""From the concepts of a model to the rows of two registers, as a mapping says; nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from continuity.chain.rules import Chain
from continuity.exchange.mapping import NEEDS, Correspondence, told
from continuity.exchange.values import Concept, LeftOut, Model, NotTaken, Row, Taken, Trouble

EXAMPLES = 3
Pair = tuple[str, str]


def translate(model: Model, mapping: Correspondence, known: Mapping[Pair, str]) -> Taken:
    """The rows that the model means.

    ``known`` has the requirement under which the registers hold a dependency already, by the
    codes of who needs and what is needed: the model says that there is a need, the registers
    perhaps more precisely which. Raises :class:`NotTaken` where nothing would be taken over or a
    property says what cannot be.
    """
    work = _Work(mapping, known)
    for concept in model.elements:
        work.element(concept)
    kinds = {concept.identifier: concept.type for concept in model.elements}
    requirement = mapping.dependency_properties.get("requirement", "")
    # Those that name their requirement first: what says less is the same dependency then.
    for concept in sorted(model.relationships, key=lambda c: requirement not in c.properties):
        work.relationship(concept, kinds)
    if not work.elements:
        problem = _("Nothing of this model is taken over: the mapping leaves all of it out.")
        work.troubles.append(Trouble(0, "", "", "", problem))
    if work.troubles:
        raise NotTaken(work.troubles)
    dependencies = sorted(work.dependencies, key=lambda row: row.line)
    return Taken(list(work.elements.values()), dependencies, work.told_left_out(), work.merged)


def loops(dependencies: Iterable[Row]) -> list[tuple[str, ...]]:
    """The sets of codes that need each other in these rows; codes sorted."""
    pairs = [(str(row.cells["element"]), str(row.cells["alternative"])) for row in dependencies]
    codes = {code for pair in pairs for code in pair}
    chain = Chain.from_rows(
        ((code, code) for code in codes),
        ((number, needing, needed, 1, 0) for number, (needing, needed) in enumerate(pairs)),
        ((number, needed, 1, 0, None) for number, (_needing, needed) in enumerate(pairs)),
    )
    return chain.loops()


@dataclass
class _Work:
    """What was made of the model so far."""

    mapping: Correspondence
    known: Mapping[Pair, str]
    elements: dict[str, Row] = field(default_factory=dict)
    dependencies: list[Row] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    merged: int = 0
    left: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    seen: dict[tuple[Pair, str], dict[str, str]] = field(default_factory=dict)
    pairs: set[Pair] = field(default_factory=set)

    def element(self, concept: Concept) -> None:
        """An element becomes a row, or is left out."""
        rule = self.mapping.elements.get(concept.type)
        cells = _filled(self.mapping.element_properties, concept)
        if not cells.get("kind"):
            if rule is None or not rule.kind:
                because = told(rule.because) if rule else _("The mapping does not name this type.")
                self.leave_out("element", concept, because)
                return
            cells["kind"] = rule.kind
        cells["code"] = cells.get("code") or concept.identifier
        cells["name"] = concept.name
        if self.mapping.documentation and concept.documentation:
            cells[self.mapping.documentation] = concept.documentation
        self.elements[concept.identifier] = Row(concept.line, concept.identifier, cells)

    def relationship(self, concept: Concept, types: Mapping[str, str]) -> None:
        """A relationship becomes a row, is one that we have, or is left out."""
        cells = _filled(self.mapping.dependency_properties, concept)
        needs = cells.pop("needs", "")
        rule = self.mapping.rule_of(concept.type, types.get(concept.source, ""), concept.access)
        if needs and needs not in NEEDS:
            there_are = _("There are: %(names)s.") % {"names": ", ".join(NEEDS)}
            name = self.mapping.dependency_properties["needs"]
            self.troubles.append(Trouble(concept.line, concept.identifier, name, needs, there_are))
            return
        needs = needs or (rule.needs if rule else "nobody")
        because = self._without_meaning(concept, needs, types)
        if not because and needs == "nobody":
            because = told(rule.because) if rule else _("The mapping does not name this type.")
        if because:
            self.leave_out("relationship", concept, because)
            return
        ends = [concept.source, concept.target]
        needing, needed = ends if needs == "source" else ends[::-1]
        codes = (self.elements[needing].cells["code"], self.elements[needed].cells["code"])
        self._depend(concept, codes, cells)

    def _without_meaning(self, concept: Concept, needs: str, types: Mapping[str, str]) -> str:
        """Why a relationship says nothing here whatever its type; empty where it may."""
        ends = (concept.source, concept.target)
        if any(end not in types for end in ends):
            return _("It begins or ends at another relationship.")
        if needs != "nobody" and any(end not in self.elements for end in ends):
            return _("It begins or ends at an element that is left out.")
        if needs != "nobody" and concept.source == concept.target:
            return _("An element cannot require itself.")
        return ""

    def _depend(self, concept: Concept, codes: Pair, cells: dict[str, str]) -> None:
        named = "requirement" in cells
        if not named and codes in self.known:
            cells["requirement"] = self.known[codes]
        place = (codes, cells.get("requirement", ""))
        # Two that name one requirement and differ both become rows: the register refuses them.
        if self.seen.get(place) == cells or (not named and codes in self.pairs):
            self.merged += 1
            return
        self.seen[place] = cells
        self.pairs.add(codes)
        row = {**cells, "element": codes[0], "alternative": codes[1]}
        self.dependencies.append(Row(concept.line, concept.identifier, row))

    def leave_out(self, what: str, concept: Concept, because: str) -> None:
        """Keep that a concept is left out, and why."""
        place = (what, concept.type, because)
        self.left.setdefault(place, []).append(concept.name or concept.identifier)

    def told_left_out(self) -> Sequence[LeftOut]:
        """What is left out, the most first; elements before relationships."""
        found = [
            LeftOut(what, type_, because, len(names), names[:EXAMPLES])
            for (what, type_, because), names in self.left.items()
        ]
        return sorted(found, key=lambda one: (one.what, -one.count, one.type, one.because))


def _filled(columns: Mapping[str, str], concept: Concept) -> dict[str, str]:
    """The cells that the properties of a concept fill."""
    return {
        column: concept.properties[name]
        for column, name in columns.items()
        if name in concept.properties
    }
