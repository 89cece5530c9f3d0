"""Writing an exchange file: rows of elements and dependencies in, lines of XML out.

After the schema of ArchiMate Model Exchange File Format 3.1: the order of the children, and
identifiers that are names in XML and occur once.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from continuity.exchange.mapping import Correspondence

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<model xmlns="http://www.opengroup.org/xsd/archimate/3.0/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.opengroup.org/xsd/archimate/3.0/'
    ' http://www.opengroup.org/xsd/archimate/3.1/archimate3_Model.xsd"'
)
NAMES = uuid.UUID("6e3f0c1e-6f0b-5d0a-9c38-1b0c3c5a7d11")
"""From which identifiers are made, so that the same record always gets the same."""
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
"""Names in XML without a colon, among plain letters: what every tool takes for an identifier."""
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
Cells = Mapping[str, str]


class Composer:
    """Writes one model; counts what it wrote."""

    def __init__(self, mapping: Correspondence, name: str, language: str) -> None:
        self.mapping = mapping
        self.name = name
        self.language = language
        self.elements = 0
        self.relationships = 0
        self.taken: set[str] = set()
        self.ends: dict[str, tuple[str, str]] = {}
        """Identifier and kind of each element that was written, by its code."""
        self.definitions = self._defined()

    def lines(self, elements: Iterable[Cells], dependencies: Iterable[Cells]) -> Iterator[str]:
        """The file, line by line."""
        yield f'{HEAD} identifier="{self._identifier("model")}">'
        yield self._text("name", self.name)
        yield from _within("elements", map(self._element, elements))
        yield from _within("relationships", self._relationships(dependencies))
        yield from _within("propertyDefinitions", map(self._definition, self.definitions))
        yield "</model>\n"

    def _defined(self) -> dict[str, str]:
        """The identifier of each property, by its name."""
        named = dict.fromkeys(
            [
                *self.mapping.element_properties.values(),
                *self.mapping.dependency_properties.values(),
            ]
        )
        return {name: self._identifier("property", name) for name in named}

    def _identifier(self, *what: str) -> str:
        """An identifier of our own, from what it is for; the next one where a code has it."""
        made = f"id-{uuid.uuid5(NAMES, chr(0).join(what))}"
        if made in self.taken:
            return self._identifier(*what, "")
        self.taken.add(made)
        return made

    def _definition(self, name: str) -> str:
        return (
            f'<propertyDefinition identifier="{self.definitions[name]}" type="string">'
            f"{self._text('name', name)}</propertyDefinition>"
        )

    def _element(self, cells: Cells) -> str:
        code, kind = cells["code"], cells["kind"]
        if PLAIN_NAME.fullmatch(code) and code not in self.taken:
            identifier = code
            self.taken.add(code)
        else:
            identifier = self._identifier("element", code)
        self.ends[code] = (identifier, kind)
        self.elements += 1
        documentation = cells.get(self.mapping.documentation, "")
        return (
            f'<element identifier="{identifier}" xsi:type="{self.mapping.types[kind]}">'
            + self._text("name", cells["name"])
            + (self._text("documentation", documentation) if documentation else "")
            + self._properties(self.mapping.element_properties, cells)
            + "</element>"
        )

    def _relationships(self, dependencies: Iterable[Cells]) -> Iterator[str]:
        """The dependencies of what was written; an element may have come since."""
        for cells in dependencies:
            if cells["element"] in self.ends and cells["alternative"] in self.ends:
                yield self._relationship(cells)

    def _relationship(self, cells: Cells) -> str:
        needing, needing_kind = self.ends[cells["element"]]
        needed, needed_kind = self.ends[cells["alternative"]]
        written = self.mapping.written_as(needing_kind, needed_kind)
        type_ = self.mapping.types[needing_kind]
        rule = self.mapping.rule_of(written.type, type_, written.access)
        told = rule.needs if rule else "nobody"
        # What the type doesn't say, a property does.
        told_by_property = {} if told != "nobody" else {"needs": "source"}
        source, target = (needed, needing) if told == "target" else (needing, needed)
        self.relationships += 1
        identifier = self._identifier(
            "dependency", cells["element"], cells["requirement"], cells["alternative"]
        )
        access = f' accessType="{written.access}"' if written.access else ""
        return (
            f'<relationship identifier="{identifier}" source="{source}" target="{target}"'
            f' xsi:type="{written.type}"{access}>'
            + self._properties(self.mapping.dependency_properties, {**cells, **told_by_property})
            + "</relationship>"
        )

    def _properties(self, columns: Mapping[str, str], cells: Cells) -> str:
        told = "".join(
            f'<property propertyDefinitionRef="{self.definitions[name]}">'
            f"{self._text('value', cells[column])}</property>"
            for column, name in columns.items()
            if cells.get(column)
        )
        return f"<properties>{told}</properties>" if told else ""

    def _text(self, tag: str, text: str) -> str:
        # A parser would make a line feed of a carriage return that stands bare.
        written = escape(NOT_IN_XML.sub("\ufffd", text), {"\r": "&#13;"})
        return f"<{tag} xml:lang={quoteattr(self.language)}>{written}</{tag}>"


def _within(tag: str, lines: Iterable[str]) -> Iterator[str]:
    """A container around lines; none where there are none, as the schema wants it."""
    empty = True
    for line in lines:
        if empty:
            yield f"<{tag}>"
            empty = False
        yield line
    if not empty:
        yield f"</{tag}>"
