"""The history of a record in sentences: who changed what from what to what, when and why.

One read of consecutive rows gives the differences; the names of other records are looked up
for all rows together, and only those that the reader may see are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from registers import notation, registry
from registers.codes import relations_for_code
from registers.declaration import Register
from registers.fields import view_verb
from registers.models import RegisterModel

KEPT_OUT = frozenset({"version", "created_at", "modified_at"})
LONG = 90
"""A text of more characters is told as rewritten; its two versions stand below the sentence."""


@dataclass(frozen=True)
class Difference:
    """One field that changed: its name, and what it was and became, in words."""

    label: str
    before: SafeString | str
    after: SafeString | str
    text: SafeString | str
    """The same as a part of a sentence."""
    long: bool = False


@dataclass(frozen=True)
class Entry:
    """One change of a record as its author meant it, over however many rows."""

    who: str
    at: datetime
    kind: str
    """``+`` made, ``~`` changed, ``-`` removed."""
    reason: str
    differences: Sequence[Difference] = field(default_factory=tuple)

    @property
    def told(self) -> SafeString | str:
        """The sentence, without its date."""
        if self.kind == "+":
            return format_html(_("{who} made this record."), who=_strong(self.who))
        if self.kind == "-":
            return format_html(_("{who} removed this record."), who=_strong(self.who))
        if not self.differences:
            return format_html(
                _("{who} saved without a change that you may see."), who=_strong(self.who)
            )
        if self.many:
            return format_html(
                _("{who} changed {count} fields:"),
                who=_strong(self.who),
                count=len(self.differences),
            )
        what = enumerated([difference.text for difference in self.differences])
        return format_html(_("{who} changed {what}."), who=_strong(self.who), what=what)

    @property
    def many(self) -> bool:
        """Whether the differences read better below each other."""
        return len(self.differences) > 3

    @property
    def long(self) -> list[Difference]:
        """Texts whose two versions stand below the sentence."""
        return [difference for difference in self.differences if difference.long]


def _strong(text: str) -> SafeString:
    return format_html("<strong>{}</strong>", text)


def enumerated(parts: Sequence[SafeString | str]) -> SafeString | str:
    """a, b and c."""
    if len(parts) < 2:
        return parts[0] if parts else ""
    head = format_html_join(", ", "{}", ((part,) for part in parts[:-1]))
    return format_html(_("{head} and {last}"), head=head, last=parts[-1])


# Reading -----------------------------------------------------------------------------------------


def past_of(declaration: type[Register]) -> Any:
    """The model that holds the history of a register."""
    return declaration.model.history.model


def rows_of(declaration: type[Register], pk: int) -> models.QuerySet[Any]:
    """The history rows of one record, newest first."""
    key = declaration.model._meta.pk.attname
    found: models.QuerySet[Any] = past_of(declaration).objects.filter(**{key: pk})
    return found.select_related("history_user").order_by("-history_date", "-history_id")


def entries(
    declaration: type[Register], record: RegisterModel, user: Any, start: int = 0, count: int = 50
) -> list[Entry]:
    """The changes in these rows, newest first; the row before them is read to tell the oldest."""
    rows = list(rows_of(declaration, record.pk)[start : start + count + 1])
    names = Names(declaration, user, rows, declaration.withheld(user, record), only_changes=True)
    return list(_entries(rows, count, names))


def _entries(rows: Sequence[Any], count: int, names: Names) -> Iterator[Entry]:
    position = 0
    shown = rows[:count]
    while position < len(shown):
        newest = shown[position]
        end = position + 1
        while end < len(shown) and _same_change(newest, shown[end]):
            end += 1
        oldest = shown[end - 1]
        before = rows[end] if end < len(rows) else None
        kind = "-" if newest.history_type == "-" else oldest.history_type
        told = kind == "~" and before is not None
        yield Entry(
            who_of(newest),
            newest.history_date,
            kind,
            newest.history_change_reason or "",
            tuple(names.differences(before, newest)) if told else (),
        )
        position = end


def _same_change(one: Any, other: Any) -> bool:
    return one.change_id is not None and one.change_id == other.change_id


def who_of(row: Any) -> str:
    """Who made a change; what nobody did, Regie did by itself."""
    user = row.history_user
    return (user.get_full_name() or user.get_username()) if user else "Regie"


def writers_of(record: RegisterModel, after: int = 0, wrote: models.Q | None = None) -> set[int]:
    """Keys of the accounts that wrote any version of a record later than version ``after``.

    For four eyes: who wrote a thing does not judge it. ``wrote`` says of history rows which of
    them are writing; a judgement, which is kept in the record too, is not.
    """
    model: Any = type(record)
    rows = model.history.filter(
        wrote or models.Q(), **{model._meta.pk.attname: record.pk}, version__gt=after
    )
    return set(rows.exclude(history_user=None).values_list("history_user_id", flat=True))


def as_of(model: type[RegisterModel], moment: datetime) -> models.QuerySet[Any]:
    """The history row of every record that stood at ``moment``, by the rule of
    :mod:`registers.moments`: the last row written before it, unless that row is a removal.

    An ordinary queryset, to be filtered further: the last rows are chosen first, so that a
    filter never brings back a row that a later one replaced. One pass over the history, in the
    database.
    """
    past: Any = model.history.model
    key = model._meta.pk.attname
    turns = past.objects.filter(history_date__lt=moment).annotate(
        turn=Window(
            RowNumber(),
            partition_by=F(key),
            order_by=[F("history_date").desc(), F("history_id").desc()],
        )
    )
    last = turns.filter(turn=1).order_by().values("history_id")
    found: models.QuerySet[Any] = past.objects.filter(history_id__in=last)
    return found.exclude(history_type="-").order_by(key)


def first_of(model: type[RegisterModel], keys: Iterable[int]) -> dict[int, Any]:
    """The first history row of each of these records: how each entered the register."""
    past: Any = model.history.model
    key = model._meta.pk.attname
    rows = past.objects.filter(**{f"{key}__in": list(keys)})
    # The newest first, so that the oldest of each record is the one that stays.
    return {getattr(row, key): row for row in rows.order_by("-history_date", "-history_id")}


def as_it_was(declaration: type[Register], pk: int, on: date) -> Any:
    """The history row that held at the end of a day; ``None`` where the record wasn't there."""
    end = timezone.make_aware(datetime.combine(on + timedelta(days=1), datetime.min.time()))
    row = rows_of(declaration, pk).filter(history_date__lt=end).first()
    return None if row is None or row.history_type == "-" else row


# Words -------------------------------------------------------------------------------------------


class Names:
    """What field values are called, for the rows of one page and one reader.

    Works on history rows and on records alike. A link to something that the reader may not
    see, or that is gone, has no name.
    """

    def __init__(
        self,
        declaration: type[Register],
        user: Any,
        rows: Iterable[Any],
        withheld: frozenset[str] = frozenset(),
        *,
        only_changes: bool = False,
    ) -> None:
        self.user = user
        self.model = declaration.model
        self.fields = [
            f
            for f in past_of(declaration).tracked_fields
            if f.name not in KEPT_OUT and f.name not in withheld and not _is_key(self.model, f)
        ]
        self.links = [f for f in self.model._meta.many_to_many if f.name not in withheld]
        self._known = self._look_up(list(rows), only_changes)

    def differences(self, before: Any, after: Any) -> Iterator[Difference]:
        """What changed between two rows, as far as the reader may know."""
        for f in self.fields:
            old, new = getattr(before, f.attname), getattr(after, f.attname)
            if not _same(old, new):
                yield _difference(
                    notation.capital(f.verbose_name), self.word(f, old), self.word(f, new)
                )
        for name in sorted({*links_of(before), *links_of(after)}):
            found = self._links_difference(
                name, links_of(before).get(name), links_of(after).get(name)
            )
            if found:
                yield found

    def word(self, f: models.Field[Any, Any], value: Any) -> str:
        """One value in words."""
        if value is None or value == "":
            return ""
        if f.is_relation:
            return self._known.get(f.related_model, {}).get(
                value, str(_("something not visible to you"))
            )
        if f.choices:
            return str(dict(f.flatchoices).get(value, value))
        return notation.words(value)

    def linked(self, f: Any, keys: Iterable[int]) -> list[str]:
        """The names of linked records, as far as the reader may see them."""
        known = self._known.get(f.related_model, {})
        return sorted(known[key] for key in keys if key in known)

    def _links_difference(self, name: str, old: Any, new: Any) -> Difference | None:
        if old == new:
            return None
        try:
            f = self.model._meta.get_field(name)
        except FieldDoesNotExist:
            label = notation.capital(getattr(self.model, "part_labels", {}).get(name, name))
            return Difference(label, "", "", format_html("<b>{}</b>", label))
        if f not in self.links:
            return None
        label = notation.capital(f.verbose_name)
        before, after = set(old or ()), set(new or ())
        added, gone = self.linked(f, after - before), self.linked(f, before - after)
        if not added and not gone:
            return None
        said = [
            format_html(text, names=", ".join(found))
            for text, found in ((_("added {names}"), added), (_("removed {names}"), gone))
            if found
        ]
        text = format_html(
            "<b>{}</b> ({})", label, format_html_join("; ", "{}", ((s,) for s in said))
        )
        return Difference(
            label, ", ".join(self.linked(f, before)), ", ".join(self.linked(f, after)), text
        )

    def _look_up(self, rows: Sequence[Any], only_changes: bool) -> dict[Any, dict[Any, str]]:
        """The names of every record that the rows point at, or only where they differ."""
        wanted: dict[Any, set[Any]] = defaultdict(set)
        for f in self.fields:
            if f.is_relation:
                keys = {getattr(row, f.attname) for row in rows}
                if len(keys) > 1 or not only_changes:
                    wanted[f.related_model].update(keys - {None})
        for f in self.links:
            several = [frozenset(links_of(row).get(f.name, ())) for row in rows]
            if len(set(several)) > 1 or not only_changes:
                wanted[f.related_model].update(*several)
        return {model: _names(model, keys, self.user) for model, keys in wanted.items() if keys}


def links_of(row: Any) -> Mapping[str, Any]:
    """The many-to-many keys of a history row, or of a record as it stands."""
    if isinstance(row, RegisterModel):
        cached: dict[str, Any] | None = row.__dict__.get("_links_read")
        if cached is None:
            cached = row.__dict__["_links_read"] = row.history_links()
        return cached
    return row.links or {}


def _names(model: Any, keys: set[Any], user: Any) -> dict[Any, str]:
    if not issubclass(model, RegisterModel):
        return {record.pk: str(record) for record in model._default_manager.filter(pk__in=keys)}
    records = model.objects.for_user(user, view_verb(model)).filter(pk__in=keys)
    records = records.select_related(*relations_for_code(model))
    return {record.pk: registry.label_of(record, user) for record in records}


def _is_key(model: type[models.Model], f: models.Field[Any, Any]) -> bool:
    return (
        bool(f.primary_key)
        or f.name in {p.name for p in model._meta.parents.values() if p}
        or (f.name == "id")
    )


def _same(old: Any, new: Any) -> bool:
    return bool(old == new) or (old in (None, "") and new in (None, ""))


def _difference(label: str, before: str, after: str) -> Difference:
    name = format_html("<b>{}</b>", label)
    if max(len(before), len(after)) > LONG:
        text = format_html(_("{field} (rewritten)"), field=name)
        return Difference(label, before, after, text, long=True)
    short_before, short_after = Truncator(before).chars(LONG), Truncator(after).chars(LONG)
    if not before:
        text = format_html(_("{field} to {after}"), field=name, after=short_after)
    elif not after:
        text = format_html(_("{field} from {before} to nothing"), field=name, before=short_before)
    else:
        text = format_html(
            _("{field} from {before} to {after}"),
            field=name,
            before=short_before,
            after=short_after,
        )
    return Difference(label, before, after, text)
