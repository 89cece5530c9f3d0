"""Reading an exchange file: a stream of tags in, the concepts of the model out.

Nothing of the file is kept but elements and relationships: views and folders, most of a real
file, pass by. Entities, a DTD and anything outside the file are refused by the parser.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.conf import settings
from django.utils.translation import gettext as _

from continuity.exchange.values import KEPT_TROUBLES, Concept, Model, NotTaken, Trouble
from registers.transfer.faults import Unreadable
from registers.transfer.source import Source

NAMESPACE = "{http://www.opengroup.org/xsd/archimate/3.0/}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SECTIONS = {"element": "elements", "relationship": "relationships"}
DEEPEST = 200
"""Tags within each other; folders within folders go furthest."""
CHUNK = 1 << 16
FOREIGN = {
    "{http://www.opengroup.org/xsd/archimate}model": "ArchiMate 2",
    "{http://www.archimatetool.com/archimate}model": "Archi",
}
"""Models of other formats that people take for this one."""


def read(source: Source, languages: Sequence[str], properties: Collection[str]) -> Model:
    """Read the model, with the properties of these names.

    Raises :class:`NotTaken` with all that is wrong: no XML, another format, too large, no
    elements, no relationships, identifiers that are missing or twice there, loose ends.
    """
    try:
        _check_kind(source)
        names = _definitions(source, properties) if properties else {}
        walk = _Concepts(languages, names)
        _parse(source, walk)
    except Unreadable as unreadable:
        raise NotTaken([Trouble(0, "", "", "", unreadable.problem, unreadable.remedy)]) from (
            unreadable
        )
    model = Model(walk.name.chosen, walk.found["element"], walk.found["relationship"])
    troubles = [*walk.troubles, *_emptiness(model), *_loose_ends(model)]
    if troubles:
        raise NotTaken(sorted(troubles[:KEPT_TROUBLES], key=lambda t: t.line), len(troubles))
    return model


def _check_kind(source: Source) -> None:
    if not source.size:
        raise Unreadable(_("The file is empty."), _save_as_exchange())
    if source.kind() not in ("text", "gzip"):
        raise Unreadable(_("This is a spreadsheet, no ArchiMate model."), _save_as_exchange())


def _save_as_exchange() -> str:
    return _("Export the model as ArchiMate Open Exchange File (XML) 3.0 or 3.1.")


def _parse(source: Source, walk: _Walk) -> None:
    """Lead a walker along all tags. Raises :class:`Unreadable` with the line."""
    parser = DefusedXMLParser(target=walk, forbid_dtd=True)
    walk.line = lambda: int(parser.parser.CurrentLineNumber)
    try:
        with source.text_bytes() as stream:
            while part := stream.read(CHUNK):
                parser.feed(part)
            parser.close()
    except DefusedXmlException as forbidden:
        raise Unreadable(
            _("Line %(line)d: the file has a DTD or entities; for safety these are not read.")
            % {"line": walk.line()},
            _save_as_exchange(),
        ) from forbidden
    except (ParseError, ValueError, LookupError) as broken:
        raise Unreadable(
            _("Line %(line)d: this is no well-formed XML (%(reason)s).")
            % {"line": walk.line(), "reason": broken},
            _save_as_exchange(),
        ) from broken


class _Text:
    """A text in several languages, of which one counts: the first wanted, else the first."""

    def __init__(self, languages: Sequence[str]) -> None:
        self.languages = languages
        self.chosen = ""
        self.rank = len(languages) + 1

    def offer(self, language: str, text: str) -> None:
        """Take this text if it is better than what there is."""
        short = language.partition("-")[0].casefold()
        known = short in self.languages
        rank = self.languages.index(short) if known else len(self.languages)
        if rank < self.rank:
            self.chosen, self.rank = text, rank


class _Walk:
    """Follows the tags; keeps the names of those that are open, and the text of one."""

    line: Callable[[], int]

    def __init__(self) -> None:
        self.open: list[str] = []
        self.text: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag opens."""
        if not self.open:
            _check_root(tag)
        if len(self.open) >= DEEPEST:
            raise Unreadable(
                _("Line %(line)d: more than %(bound)d tags within each other.")
                % {"line": self.line(), "bound": DEEPEST},
                _save_as_exchange(),
            )
        self.open.append(tag.removeprefix(NAMESPACE))
        self.begin(self.open, attributes)

    def end(self, tag: str) -> None:
        """A tag closes."""
        text = None if self.text is None else "".join(self.text)
        self.finish(self.open, text)
        self.text = None
        self.open.pop()

    def data(self, text: str) -> None:
        """Text within the innermost tag."""
        if self.text is not None:
            self.text.append(text)

    def close(self) -> None:
        """The file ends."""

    def begin(self, path: Sequence[str], attributes: Mapping[str, str]) -> None:
        """What a walk does where a tag opens; it sets ``text`` to collect what is in it."""

    def finish(self, path: Sequence[str], text: str | None) -> None:
        """What a walk does where a tag closes."""


def _check_root(tag: str) -> None:
    if tag == f"{NAMESPACE}model":
        return
    if tag in FOREIGN:
        raise Unreadable(
            _("This is a file of %(format)s, not an ArchiMate 3 exchange file.")
            % {"format": FOREIGN[tag]},
            _save_as_exchange(),
        )
    raise Unreadable(
        _("This is no ArchiMate 3 exchange file: it begins with “%(tag)s”.") % {"tag": tag[:200]},
        _save_as_exchange(),
    )


class _Definitions(_Walk):
    """Finds the identifiers of the properties with these names; they stand at the file's end."""

    def __init__(self, wanted: Collection[str]) -> None:
        super().__init__()
        self.wanted = wanted
        self.identifier = ""
        self.names: dict[str, str] = {}

    def begin(self, path: Sequence[str], attributes: Mapping[str, str]) -> None:
        if path[1:2] != ["propertyDefinitions"]:
            return
        if len(path) == 3:
            self.identifier = attributes.get("identifier", "")
        elif len(path) == 4 and path[3] == "name":
            self.text = []

    def finish(self, path: Sequence[str], text: str | None) -> None:
        if text is not None and text.strip() in self.wanted:
            self.names.setdefault(self.identifier, text.strip())


def _definitions(source: Source, wanted: Collection[str]) -> Mapping[str, str]:
    walk = _Definitions(wanted)
    _parse(source, walk)
    return walk.names


class _Concepts(_Walk):
    """Gathers elements and relationships; ``names`` are the wanted properties by identifier."""

    def __init__(self, languages: Sequence[str], names: Mapping[str, str]) -> None:
        super().__init__()
        self.languages = languages
        self.names = names
        self.name = _Text(languages)
        self.found: dict[str, list[Concept]] = {"element": [], "relationship": []}
        self.troubles: list[Trouble] = []
        self.lines: dict[str, int] = {}
        self.at = 0
        self.attributes: Mapping[str, str] = {}
        self.language = ""
        self.property = ""

    def begin(self, path: Sequence[str], attributes: Mapping[str, str]) -> None:
        self.text = None
        depth = len(path)
        if depth == 2 and path[1] == "name":
            self._collect(attributes)
        elif depth < 3 or SECTIONS.get(path[2]) != path[1]:
            return
        elif depth == 3:
            self._concept_begins(attributes)
        elif depth == 4 and path[3] in ("name", "documentation"):
            self._collect(attributes)
        elif depth == 5 and path[3:] == ["properties", "property"]:
            reference = attributes.get("propertyDefinitionRef", "")
            self.property = self.names.get(reference, "")
        elif depth == 6 and path[5] == "value" and self.property:
            self._collect(attributes)

    def finish(self, path: Sequence[str], text: str | None) -> None:
        depth = len(path)
        if depth == 3 and SECTIONS.get(path[2]) == path[1]:
            self._concept_ends(path[2])
        elif depth == 5:
            self.property = ""
        if text is None:
            return
        if depth == 2:
            self.name.offer(self.language, text.strip())
        elif depth == 4:
            self.texts[path[3]].offer(self.language, text.strip())
        elif depth == 6:
            held = self.properties.setdefault(self.property, _Text(self.languages))
            held.offer(self.language, text.strip())

    def _collect(self, attributes: Mapping[str, str]) -> None:
        self.text = []
        self.language = attributes.get(XML_LANG, "")

    def _concept_begins(self, attributes: Mapping[str, str]) -> None:
        self.at = self.line()
        self.attributes = attributes
        self.texts = {"name": _Text(self.languages), "documentation": _Text(self.languages)}
        self.properties: dict[str, _Text] = {}

    def _concept_ends(self, what: str) -> None:
        kept, given = self.found[what], self.attributes
        bound = int(settings.IMPORT_MAX_ROWS)
        if len(kept) >= bound:
            raise Unreadable(
                _("The file has more than %(bound)d elements or relationships.") % {"bound": bound},
                _("Split the model into several files."),
            )
        identifier = given.get("identifier", "").strip()
        wanted = ("identifier", "source", "target") if what == "relationship" else ("identifier",)
        missing = [name for name in wanted if not given.get(name, "").strip()]
        missing += [] if given.get(XSI_TYPE, "").strip() else ["xsi:type"]
        for name in missing:
            self._wrong(identifier, name, _("This attribute is missing."))
        if identifier in self.lines:
            problem = _("Line %(line)d has the same identifier.")
            self._wrong(identifier, "identifier", problem % {"line": self.lines[identifier]})
        elif identifier:
            self.lines[identifier] = self.at
        kept.append(
            Concept(
                self.at,
                identifier,
                given.get(XSI_TYPE, "").strip().rpartition(":")[2],
                given.get("source", "").strip(),
                given.get("target", "").strip(),
                given.get("accessType", "").strip(),
                self.texts["name"].chosen,
                self.texts["documentation"].chosen,
                {name: text.chosen for name, text in self.properties.items() if text.chosen},
            )
        )

    def _wrong(self, identifier: str, column: str, problem: str) -> None:
        self.troubles.append(Trouble(self.at, identifier, column, "", problem))


def _emptiness(model: Model) -> list[Trouble]:
    """A model without elements or relationships is not one to import."""
    problems = []
    if not model.elements:
        problems.append(_("The model has no elements."))
    if not model.relationships:
        problems.append(_("The model has no relationships: nothing would depend on anything."))
    return [Trouble(0, "", "", "", problem) for problem in problems]


def _loose_ends(model: Model) -> list[Trouble]:
    """Relationships that begin or end at something that is not in the file."""
    known = {one.identifier for one in (*model.elements, *model.relationships)}
    found: list[Trouble] = []
    for one in model.relationships:
        for column, end in (("source", one.source), ("target", one.target)):
            if end and end not in known:
                problem = _("This is no element or relationship of the file.")
                found.append(Trouble(one.line, one.identifier, column, end, problem))
    return found
