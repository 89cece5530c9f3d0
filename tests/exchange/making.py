"""Exchange files as other tools write them, for tests."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

XMLNS = "http://www.opengroup.org/xsd/archimate/3.0/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass
class Thing:
    """An element or relationship to write; ``attributes`` are XML attributes by name."""

    tag: str
    attributes: Mapping[str, str]
    name: str = ""
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


def an(
    type_: str, identifier: str, name: str = "", documentation: str = "", **properties: str
) -> Thing:
    """An element; properties by name, with ``_`` for a space."""
    given = {"identifier": identifier, "xsi:type": type_}
    named = {key.replace("_", " "): value for key, value in properties.items()}
    return Thing("element", given, name or f"The {identifier}", documentation, named)


def by(type_: str, source: str, target: str, access: str = "", **properties: str) -> Thing:
    """A relationship; its identifier follows from what it joins."""
    identifier = f"r-{type_}-{source}-{target}-{access}-{'-'.join(properties.values())}"
    given = {"identifier": identifier.replace(" ", "_")}
    given |= {"source": source, "target": target, "xsi:type": type_}
    given |= {"accessType": access} if access else {}
    named = {key.replace("_", " "): value for key, value in properties.items()}
    return Thing("relationship", given, properties=named)


def model(*things: Thing, after: str = "") -> bytes:
    """The exchange file of these; ``after`` is what follows the relationships (views)."""
    names = list(dict.fromkeys(name for thing in things for name in thing.properties))
    references = {name: f"p-{number}" for number, name in enumerate(names)}
    parts = [
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<model xmlns="{XMLNS}" xmlns:xsi="{XSI}" identifier="m-1">\n'
        ),
        '<name xml:lang="en">A model</name>\n',
    ]
    for tag in ("element", "relationship"):
        those = [thing for thing in things if thing.tag == tag]
        if those:
            parts += [f"<{tag}s>\n", *(_written(thing, references) for thing in those)]
            parts.append(f"</{tag}s>\n")
    parts.append(after)
    definitions = "".join(
        f'<propertyDefinition identifier="{reference}" type="string">'
        f"<name>{escape(name)}</name></propertyDefinition>\n"
        for name, reference in references.items()
    )
    parts += [f"<propertyDefinitions>\n{definitions}</propertyDefinitions>\n"] if names else []
    return ("".join(parts) + "</model>\n").encode()


def _written(thing: Thing, references: Mapping[str, str]) -> str:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in thing.attributes.items())
    name = f'<name xml:lang="nl">{escape(thing.name)}</name>' if thing.name else ""
    told = escape(thing.documentation)
    documentation = f"<documentation>{told}</documentation>" if told else ""
    properties = "".join(
        f'<property propertyDefinitionRef="{references[key]}">'
        f"<value>{escape(value)}</value></property>"
        for key, value in thing.properties.items()
    )
    inside = f"<properties>{properties}</properties>" if properties else ""
    return f"<{thing.tag}{attributes}>{name}{documentation}{inside}</{thing.tag}>\n"


def run(*arguments: Any) -> Any:
    """What a command answers to machines."""
    out = io.StringIO()
    with override("en"):
        call_command(*map(str, arguments), "--json", stdout=out)
    return json.loads(out.getvalue())


def refused(*arguments: Any) -> str:
    """Why a command refuses, all reasons."""
    with override("en"), pytest.raises(CommandError) as error:
        call_command(*map(str, arguments), stdout=io.StringIO())
    assert error.value.returncode == 2
    return str(error.value)


def rows(path: Path) -> Iterable[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def gemma(folder: Path) -> bytes:
    """The municipal reference architecture as the exchange file that it was drawn from."""
    graphs = folder / "graphs"
    things = [
        an(row["type"], _as_identifier(row["id"]), row["name"], row["documentation"])
        for row in rows(graphs / "gemma_elements.csv")
    ]
    for number, row in enumerate(rows(graphs / "gemma_dependency_edges.csv")):
        type_ = row["relation"].removesuffix("Relationship")
        # Who accesses is the source; in every other type the target is who needs.
        ends = [_as_identifier(row[f"{end}_id"]) for end in ("dependency", "dependent")]
        source, target = ends[::-1] if type_ == "Access" else ends
        made = by(type_, source, target)
        things.append(Thing("relationship", {**made.attributes, "identifier": f"r-{number}"}))
    return model(*things)


def _as_identifier(text: str) -> str:
    """A name in XML begins with a letter; some identifiers of the table are bare numbers."""
    return text if text.startswith("id-") else f"id-{text}"
