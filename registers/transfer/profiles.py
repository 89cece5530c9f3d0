"""How the files of another program are read: a profile says it as data, a room registers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from registers.transfer.faults import Unreadable
from registers.transfer.reading import Layout


@dataclass(frozen=True, kw_only=True)
class Trail:
    """Rows of one record over time: every change of ``column`` becomes a row of ``parts``.

    ``parts`` is the relation from the record to those rows; ``at`` the column with the moment.
    The part has the fields ``at``, ``before`` and ``after``. What a file delivered before is
    recognised and kept; parts are added, never taken away.
    """

    parts: str
    column: str
    at: str


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How the columns and values of a file become those of a register.

    ``columns``: heading of the file to code name of the register's column. ``values``: by code
    name, value of the file to value of the register. ``constants``: by code name, text in which
    ``${heading}`` stands for a cell of the row. ``first_of``: by code name, the headings of which
    the first that says anything counts. ``missing``: what stands for nothing. ``others_ignored``:
    columns that nothing maps are left out and reported, instead of refused. ``one_row_each``:
    false where several rows tell the course of one record; then the last row counts, and
    ``trail`` keeps what changed on the way. ``creates``: relations whose unknown codes are made.
    ``decimal`` is ``,`` or ``.``; ``day_first`` how 3/4/2025 is read; both for texts alone.
    """

    name: str
    register: str
    label: Any = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    first_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    others_ignored: bool = True
    one_row_each: bool = True
    trail: Trail | None = None
    creates: tuple[str, ...] = ()
    decimal: str = ""
    day_first: bool = True
    layout: Layout = field(default_factory=Layout)


PLAIN = Profile(name="", register="", others_ignored=False)
"""No profile: headings are the register's own, in Dutch, English or code."""

_profiles: dict[tuple[str, str], Profile] = {}


def register(profile: Profile) -> Profile:
    """Enter a profile; a name that is taken for the same register is a mistake."""
    place = (profile.register, profile.name)
    if place in _profiles:
        raise ValueError(f"the profile {profile.name!r} of {profile.register!r} exists already")
    _profiles[place] = profile
    return profile


def of_register(register_name: str) -> list[Profile]:
    """The profiles of a register, by name."""
    return [_profiles[place] for place in sorted(_profiles) if place[0] == register_name]


def get(register_name: str, name: str) -> Profile:
    """The profile with this name; :data:`PLAIN` without one.

    Raises :class:`Unreadable` with the names that exist.
    """
    if not name:
        return PLAIN
    try:
        return _profiles[register_name, name]
    except KeyError:
        names = ", ".join(profile.name for profile in of_register(register_name))
        raise Unreadable(
            _("%(register)s has no profile “%(name)s”.")
            % {"register": register_name, "name": name},
            _("There are: %(names)s.") % {"names": names} if names else "",
        ) from None
