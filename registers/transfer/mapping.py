"""From the columns of a file to those of a register, as a profile says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from string import Template
from typing import Any

from django.utils.translation import gettext as _

from registers.access import scope_of
from registers.declaration import Register
from registers.transfer.columns import (
    called,
    is_known,
    known_headings,
    letter,
    nearest,
    normal,
    overrides,
    targets,
)
from registers.transfer.faults import Faults, Unreadable
from registers.transfer.profiles import Profile, Trail
from registers.transfer.reading import Table
from registers.transfer.textfiles import DELIMITERS

SHOWN_HEADINGS = 30
Cells = Sequence[Any]
Getter = Callable[[Cells], Any]


class Words(Template):
    """A text with ``${heading}`` in it, whatever characters the heading has."""

    braceidpattern = r"[^{}]+"


@dataclass(frozen=True, slots=True)
class PartRow:
    """One step of a trail as the file tells it."""

    at: Any
    before: Any
    after: Any


@dataclass
class Grid:
    """The cells of a file by code name of the register, ``None`` where nothing stands.

    ``numbers`` are the rows' numbers in the file; ``headings`` what the file calls each column.
    ``own`` are the places of rows that mean a parent of their own (``Parent.own``).
    """

    columns: dict[str, list[Any]]
    headings: dict[str, str]
    numbers: list[int]
    parts: dict[str, list[list[PartRow]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    own: set[int] = field(default_factory=set)


def profile_headings(profile: Profile) -> set[str]:
    """The headings that a profile names, in normal form."""
    named = set(profile.columns)
    for several in profile.first_of.values():
        named.update(several)
    for text in profile.constants.values():
        named.update(Words(text).get_identifiers())
    if profile.trail:
        named.update((profile.trail.column, profile.trail.at))
    return {normal(heading) for heading in named}


def map_table(
    declaration: type[Register], table: Table, profile: Profile, user: Any, faults: Faults
) -> Grid:
    """The file's cells by the register's columns; what is wrong with the columns is a fault.

    Raises :class:`Unreadable` where nothing could be recognised.
    """
    columns = _Columns(declaration, table, profile, faults)
    columns.bind(user)
    grid = _collect(columns, table, profile, faults)
    grid.notes += table.notes + columns.notes()
    _prepare(declaration, grid)
    for name in declaration.key:
        if name not in grid.columns:
            label = called(declaration, name)
            faults.add(
                table.header_row,
                label,
                "",
                _("This column is missing; records are recognised by it."),
                _("Add a column “%(name)s”.") % {"name": label},
            )
    return grid


class _Columns:
    """Which cell of a row fills which column of the register."""

    def __init__(
        self, declaration: type[Register], table: Table, profile: Profile, faults: Faults
    ) -> None:
        self.declaration = declaration
        self.table = table
        self.profile = profile
        self.faults = faults
        self.places: dict[str, int] = {}
        self.getters: dict[str, Getter] = {}
        self.headings: dict[str, str] = {}
        self.left_out: list[str] = []
        self.told = False
        self.missing = {"", *profile.missing}

    def bind(self, user: Any) -> None:
        """Decide for every heading what it is, then for every column where it comes from."""
        named = profile_headings(self.profile)
        self._refuse_one_column(is_known(self.declaration, named))
        own = {normal(heading): code for heading, code in self.profile.columns.items()}
        known = known_headings(self.declaration)
        found: dict[str, int] = {}
        for place, heading in enumerate(self.table.headings):
            text = normal(heading)
            code = own.get(text) or ("" if text in named else known.get(text, ""))
            if text and text not in self.places:
                self.places[text] = place
            if not code:
                if text not in named:
                    self._unknown(place, heading)
            elif code in found:
                self._twice(code, found[code], place)
            else:
                found[code] = place
        self._take(found)
        self._refuse_personal(user)
        if not self.getters:
            raise self._nothing_known()

    def raw(self, place: int) -> Getter:
        """The cell at a place; ``None`` where it is empty or says that it is unknown."""
        missing = self.missing

        def get(cells: Cells) -> Any:
            try:
                cell = cells[place]
            except IndexError:
                return None
            return None if type(cell) is str and cell.strip() in missing else cell

        return get

    def notes(self) -> list[str]:
        """What was left out on purpose."""
        if not self.left_out:
            return []
        return [_("Columns that are not read: %(names)s.") % {"names": ", ".join(self.left_out)}]

    def _take(self, found: Mapping[str, int]) -> None:
        columns = targets(self.declaration)
        for code, place in found.items():
            if not columns[code].takes:
                self.left_out.append(self.table.headings[place])
                continue
            self.headings[code] = self.table.headings[place]
            self.getters[code] = self._valued(code, self.raw(place))
        for code, several in self.profile.first_of.items():
            places = [self.places[normal(h)] for h in several if normal(h) in self.places]
            if places:
                self.headings[code] = self.table.headings[places[0]]
                self.getters[code] = self._valued(code, self._first(places))
        if self.getters:
            for code, text in self.profile.constants.items():
                self.headings.setdefault(code, columns[code].label)
                self.getters.setdefault(code, self._constant(text))

    def _valued(self, code: str, get: Getter) -> Getter:
        words = self.profile.values.get(code)
        if not words:
            return get
        known = {word.casefold(): value for word, value in words.items()}

        def mapped(cells: Cells) -> Any:
            cell = get(cells)
            return known.get(cell.strip().casefold(), cell) if isinstance(cell, str) else cell

        return mapped

    def _first(self, places: list[int]) -> Getter:
        getters = [self.raw(place) for place in places]

        def first(cells: Cells) -> Any:
            return next((cell for get in getters if (cell := get(cells)) is not None), None)

        return first

    def _constant(self, text: str) -> Getter:
        words = Words(text)
        wanted = {
            name: self.raw(self.places[normal(name)])
            for name in words.get_identifiers()
            if normal(name) in self.places
        }
        if not wanted:
            return lambda cells: text
        return lambda cells: words.safe_substitute(
            {name: "" if (cell := get(cells)) is None else cell for name, get in wanted.items()}
        )

    def _refuse_one_column(self, known: Callable[[str], bool]) -> None:
        headings = self.table.headings
        if self.table.is_text and len(headings) == 1 and not known(headings[0]):
            raise Unreadable(
                _("Everything stands in one column: “%(heading)s”.") % {"heading": headings[0]},
                _("The delimiter is not recognised. Use a semicolon, a comma or a tab."),
            )

    def _unknown(self, place: int, heading: str) -> None:
        if self.profile.others_ignored:
            if heading:
                self.left_out.append(heading)
            return
        if not heading:  # a blank column is no column; cells below it are told row by row
            return
        close = nearest(heading, self.declaration)
        self.faults.add(
            self.table.header_row,
            letter(place),
            heading,
            _("This column is unknown."),
            _("Did you mean “%(name)s”? Otherwise remove it.")
            % {"name": called(self.declaration, close)}
            if close
            else self._known_columns(),
        )

    def _known_columns(self) -> str:
        """Which columns there are, said once."""
        if self.told:
            return _("Remove it.")
        self.told = True
        return _("Remove it. Known are: %(names)s.") % {"names": self._all_columns()}

    def _all_columns(self) -> str:
        known = targets(self.declaration)
        return ", ".join(called(self.declaration, name) for name in known)

    def _twice(self, code: str, first: int, second: int) -> None:
        self.faults.add(
            self.table.header_row,
            letter(second),
            self.table.headings[second],
            _("Columns %(first)s and %(second)s are both “%(code)s”.")
            % {
                "first": letter(first),
                "second": letter(second),
                "code": called(self.declaration, code),
            },
            _("Keep one of them."),
        )

    def _refuse_personal(self, user: Any) -> None:
        if user is None:
            return
        for code in [*self.getters]:
            verb = self.declaration.personal.get(targets(self.declaration)[code].path)
            if verb and not scope_of(user, verb):
                self.faults.add(
                    self.table.header_row,
                    self.headings[code],
                    "",
                    _("You may not see this personal data, and so not import it."),
                    _("Remove the column."),
                )

    def _nothing_known(self) -> Unreadable:
        headings = [heading for heading in self.table.headings if heading]
        return Unreadable(
            _("None of the headings in row %(row)d is known: %(names)s.")
            % {"row": self.table.header_row, "names": ", ".join(headings[:SHOWN_HEADINGS])},
            _("Use the headings of an export, or choose a profile. Known are: %(names)s.")
            % {"names": self._all_columns()},
        )


def _collect(columns: _Columns, table: Table, profile: Profile, faults: Faults) -> Grid:
    """All rows as columns; rows of one record are folded where the profile says so."""
    getters = columns.getters
    keys = [getters[name] for name in columns.declaration.key if name in getters]
    trail = None if profile.one_row_each else _Trail.of(profile.trail, columns)
    rows: dict[Any, tuple[int, Cells]] = {}
    steps: dict[Any, list[PartRow]] = {}
    whole = _width_check(columns, faults)
    for number, cells in table.rows:
        if not whole(number, cells):
            continue
        key: Any = number if profile.one_row_each else tuple(get(cells) for get in keys)
        if trail:
            before = rows.get(key)
            trail.follow(steps.setdefault(key, []), before[1] if before else None, cells)
        rows[key] = number, cells
    kept = [cells for _number, cells in rows.values()]
    grid = Grid(
        {name: [get(cells) for cells in kept] for name, get in getters.items()},
        columns.headings,
        [number for number, _cells in rows.values()],
    )
    if profile.trail and trail:
        grid.parts[profile.trail.parts] = [steps.get(key, []) for key in rows]
    return grid


@dataclass
class _Trail:
    """Follows one column through the rows of a record."""

    value: Getter
    at: Getter

    @classmethod
    def of(cls, trail: Trail | None, columns: _Columns) -> _Trail | None:
        """Nothing where the profile has no trail or the file not its columns."""
        if trail is None:
            return None
        column, at = normal(trail.column), normal(trail.at)
        if column not in columns.places or at not in columns.places:
            return None
        code = columns.profile.columns.get(trail.column, trail.column)
        value = columns.getters.get(code) or columns.raw(columns.places[column])
        return cls(value, columns.raw(columns.places[at]))

    def follow(self, steps: list[PartRow], before: Cells | None, cells: Cells) -> None:
        """Note a step where the value differs from the row before."""
        if before is None:
            return
        was, now = self.value(before), self.value(cells)
        if was != now and now is not None:
            steps.append(PartRow(self.at(cells), was, now))


def _width_check(columns: _Columns, faults: Faults) -> Callable[[int, Cells], bool]:
    """Whether a row has the columns of the headings; a fault where a delimiter went wrong."""
    headings = columns.table.headings
    width = len(headings)
    nameless = {place for place, heading in enumerate(headings) if not heading}
    strict = not columns.profile.others_ignored

    def check(number: int, cells: Cells) -> bool:
        if len(cells) > width or (strict and any(_filled(cells, place) for place in nameless)):
            faults.add(
                number,
                letter(len(cells) - 1),
                cells[-1],
                _("This row has cells without a heading above them."),
                _("A delimiter or quotation mark may be wrong in this row."),
            )
            return False
        only = cells[0] if len(cells) == 1 < width and columns.table.is_text else None
        if isinstance(only, str) and any(only.count(mark) == width - 1 for mark in DELIMITERS):
            faults.add(
                number,
                letter(0),
                only,
                _("The whole row stands in one cell: its delimiter differs from the headings'."),
                _("Use one delimiter in the whole file."),
            )
            return False
        return True

    return check


def _filled(cells: Cells, place: int) -> bool:
    cell = cells[place] if place < len(cells) else None
    return cell is not None and bool(re.search(r"\S", str(cell)))


def _prepare(declaration: type[Register], grid: Grid) -> None:
    """Let the register fill in what an empty cell means."""
    if not overrides(declaration, "prepare_row"):
        return
    columns = targets(declaration)
    names = [*grid.columns]
    if declaration.parent is not None and declaration.parent.own is not None:
        named = grid.columns.get(declaration.parent.own[0], [None] * len(grid.numbers))
        grid.own = {place for place, cell in enumerate(named) if not str(cell or "").strip()}
    rows = [
        declaration.prepare_row(dict(zip(names, cells, strict=True)))
        for cells in zip(*grid.columns.values(), strict=True)
    ]
    filled = dict.fromkeys(name for row in rows for name in row)
    grid.columns = {name: [row.get(name) for row in rows] for name in filled}
    for name in filled:
        grid.headings.setdefault(name, columns[name].label)
