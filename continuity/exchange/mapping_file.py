"""Reading the mapping from TOML, a file that anybody can read and replace."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from continuity.chain.models import Kind
from continuity.exchange.mapping import (
    NEEDS,
    Because,
    Correspondence,
    ElementRule,
    RelationshipRule,
    WrittenAs,
)
from continuity.exchange.values import NotTaken, Trouble

OWN = Path(__file__).with_name("mapping.toml")
MAX_BYTES = 1024 * 1024


def load(path: Path = OWN) -> Correspondence:
    """Read a mapping file; raises :class:`NotTaken` with everything that is wrong with it."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _refused(_("The mapping is larger than 1 MB."))
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as missing:
        raise _refused(_("The mapping %(name)s cannot be read.") % {"name": path}) from missing
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise _refused(_("The mapping is no TOML: %(reason)s.") % {"reason": broken}) from broken
    reader = _Reader()
    made = reader.correspondence(document)
    if reader.wrong:
        raise NotTaken([Trouble(0, path.name, *one) for one in reader.wrong])
    return made


def _refused(problem: str) -> NotTaken:
    return NotTaken([Trouble(0, "", "", "", problem)])


class _Reader:
    """Reads a document part by part, and keeps what is wrong: place, value and sentence."""

    def __init__(self) -> None:
        self.wrong: list[tuple[str, str, str]] = []

    def correspondence(self, document: Mapping[str, Any]) -> Correspondence:
        properties = self.table(document, "properties")
        export = self.table(document, "export")
        return Correspondence(
            languages=self.texts(document, "languages", "languages"),
            documentation=self.text(document, "documentation", "documentation"),
            elements=self.elements(document),
            relationships=list(self.relationships(document)),
            element_properties=self.names(properties, "elements"),
            dependency_properties=self.names(properties, "dependencies"),
            types=self.types(export),
            written=self.written(export),
        )

    def elements(self, document: Mapping[str, Any]) -> dict[str, ElementRule]:
        found: dict[str, ElementRule] = {}
        for place, entry in self.entries(document, "elements"):
            kind = self.one_of(entry, "kind", place, ["", *Kind.values])
            rule = ElementRule(kind, self.because(entry, place))
            for type_ in self.texts(entry, "types", place):
                if type_ in found:
                    self.say(place, type_, _("This type has a kind already."))
                found[type_] = rule
        return found

    def relationships(self, document: Mapping[str, Any]) -> Iterator[RelationshipRule]:
        for place, entry in self.entries(document, "relationships"):
            yield RelationshipRule(
                self.text(entry, "type", place, needed=True),
                self.one_of(entry, "needs", place, NEEDS),
                self.because(entry, place),
                frozenset(self.texts(entry, "source_types", place)),
                frozenset(self.texts(entry, "access", place)),
            )

    def types(self, export: Mapping[str, Any]) -> dict[str, str]:
        table = self.names(export, "types")
        for kind in Kind.values:
            if not table.get(kind):
                self.say("export.types", kind, _("This kind has no type."))
        return table

    def written(self, export: Mapping[str, Any]) -> list[WrittenAs]:
        found = [
            WrittenAs(
                self.text(entry, "type", place, needed=True),
                self.text(entry, "access", place),
                frozenset(self.texts(entry, "needing", place)),
                frozenset(self.texts(entry, "needed", place)),
            )
            for place, entry in self.entries(export, "relationships", "export.")
        ]
        if not found or found[-1].needing or found[-1].needed:
            self.say("export.relationships", "", _("The last one must fit every dependency."))
        return found

    def because(self, entry: Mapping[str, Any], place: str) -> Because:
        given = entry.get("because")
        if isinstance(given, str) and given:
            return {"": given}
        if isinstance(given, dict) and given and all(isinstance(v, str) for v in given.values()):
            return {str(language): text for language, text in given.items()}
        self.say(place, "because", _("A decision needs its reason."))
        return {}

    def one_of(self, entry: Mapping[str, Any], key: str, place: str, known: Sequence[str]) -> str:
        value = entry.get(key)
        if value not in known:
            names = ", ".join(name for name in known if name)
            self.say(place, f"{key} = {value}", _("There are: %(names)s.") % {"names": names})
        return str(value)

    def text(self, table: Mapping[str, Any], key: str, place: str, *, needed: bool = False) -> str:
        value = table.get(key, "")
        if not isinstance(value, str) or (needed and not value):
            self.say(place, key, _("A text is needed."))
            return ""
        return value

    def texts(self, table: Mapping[str, Any], key: str, place: str) -> list[str]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.say(place, key, _("A list of texts is needed."))
            return []
        return value

    def names(self, table: Mapping[str, Any], key: str) -> dict[str, str]:
        found = self.table(table, key)
        if not all(isinstance(value, str) and value for value in found.values()):
            self.say(key, "", _("Every value must be a text."))
            return {}
        return dict(found)

    def table(self, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = table.get(key, {})
        if not isinstance(value, dict):
            self.say(key, "", _("A table is needed."))
            return {}
        return value

    def entries(
        self, table: Mapping[str, Any], key: str, within: str = ""
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        value = table.get(key, [])
        whole = isinstance(value, list) and all(isinstance(one, dict) for one in value)
        if not whole or not value:
            self.say(within + key, "", _("A list of tables is needed."))
            return
        for number, entry in enumerate(value, start=1):
            yield f"{within}{key} {number}", entry

    def say(self, place: str, value: str, problem: str) -> None:
        self.wrong.append((place, "" if value == place else value, problem))
