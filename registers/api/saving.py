"""From checked JSON to a record: assigned, asked the same questions as a form, and written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied

from registers import access, writing
from registers.api.problems import Invalid, fault, faults_of_model
from registers.api.resource import Part, Resource
from registers.codes import value_at
from registers.fields import view_verb
from registers.models import RegisterModel
from registers.naming import camel
from registers.writing import Revision


@dataclass
class Draft:
    """A record as it would become, with its links and the parent that it shares with others."""

    resource: Resource
    record: RegisterModel
    user: Any
    links: dict[str, set[int]] = field(default_factory=dict)
    parent: RegisterModel | None = None
    parent_changed: bool = False

    def save(self, revision: Revision, expected: int | None = None) -> None:
        """Check and write everything in one transaction.

        Raises :class:`Invalid` with every fault, ``PermissionDenied`` where the record would
        lie outside what the user may change, and :class:`~registers.writing.Conflict`.
        """
        self._check()
        self._permit()
        holder = self.resource.declaration.parent
        with transaction.atomic():
            if self.parent is not None and holder is not None:
                if self.parent.pk is None:
                    writing.create(self.parent, revision)
                elif self.parent_changed:
                    writing.update(self.parent, revision)
                setattr(self.record, holder.field, self.parent)
            if self.record.pk is None:
                writing.create(self.record, revision, links=self.links)
            else:
                writing.update(self.record, revision, expected=expected, links=self.links)

    def _check(self) -> None:
        holder = self.resource.declaration.parent
        faults: list[dict[str, Any]] = []
        if self.parent is not None and holder is not None:
            faults += _faults(self.parent, self.resource, on_parent=True)
            left_out = {holder.field} if self.parent.pk is None else set()
            faults += _faults(self.record, self.resource, on_parent=False, left_out=left_out)
        else:
            faults += _faults(self.record, self.resource, on_parent=False)
        found = self.resource.declaration.check_row(self.row())
        faults += [fault(reason, "invalid", camel(name)) for name, reason in found.items()]
        if faults:
            raise Invalid(faults)

    def _permit(self) -> None:
        declaration = self.resource.declaration
        verb = declaration.verb(access.ADD if self.record.pk is None else access.CHANGE)
        if not self.record.can(self.user, verb):
            raise PermissionDenied

    def row(self) -> dict[str, Any]:
        """The whole record by code names, as a row of an import would hold it."""
        row: dict[str, Any] = {}
        for part in self.resource.parts:
            if not part.is_link:
                holder = self.parent if part.field.on_parent and self.parent else self.record
                row[part.field.name] = value_at(holder, part.attribute)
        return row


def draft_of(
    resource: Resource, record: RegisterModel, values: Mapping[str, Any], user: Any
) -> Draft:
    """``record`` with the sent values on it, not yet checked or written.

    ``values`` go by name in JSON; what was not sent stays, and on a new record takes the
    default that an empty cell of an import has.
    """
    draft = Draft(resource, record, user)
    sent = dict(values)
    if record.pk is None:
        for part in resource.parts:
            if part.writable and part.field.default is not None:
                sent.setdefault(part.name, part.field.default)
    if sent.keys() & resource.withheld(user, record if record.pk else None):
        raise PermissionDenied
    own = [part for part in resource.parts if part.name in sent and not part.field.on_parent]
    for part in own:
        if part.is_link:
            draft.links[part.attribute] = _links(record, part, sent[part.name], user)
        else:
            _assign(record, part, sent[part.name], user)
    if resource.declaration.parent is not None:
        _draft_parent(draft, sent)
    return draft


def _draft_parent(draft: Draft, sent: Mapping[str, Any]) -> None:
    """Find or make the parent that the key names, and put the sent values on it."""
    resource, record = draft.resource, draft.record
    holder = resource.declaration.parent
    assert holder is not None
    parts = {part.field.name: part for part in resource.parts if part.field.on_parent}
    current = getattr(record, holder.field) if record.pk else None
    key = {
        parts[name].attribute: sent.get(parts[name].name, value_at(current, parts[name].attribute))
        for name in holder.key
    }
    model: Any = resource.declaration.field(holder.field).related_model
    parent = None
    if all(value is not None for value in key.values()):
        parent = model._default_manager.filter(**key).first()
    if parent is None:
        parent = model(**{name: value for name, value in key.items() if value is not None})
    before = {part.attribute: value_at(parent, part.attribute) for part in parts.values()}
    for part in parts.values():
        if part.name in sent and part.field.name not in holder.key:
            _assign(parent, part, sent[part.name], draft.user)
    draft.parent = parent
    draft.parent_changed = any(value_at(parent, name) != value for name, value in before.items())
    if parent.pk is None:
        # Without a saved row to point at, the relation is set when the parent is written.
        record.__dict__.pop(holder.field, None)
    setattr(record, holder.field, parent)


def refuse_shared(draft: Draft) -> None:
    """400 where a parent of its own was meant (``Parent.own``) and one of that name stands already.

    As an import has it: joining another silently would be something that nobody asked.
    """
    declaration = draft.resource.declaration
    holder, parent = declaration.parent, draft.parent
    if holder is None or holder.own is None or parent is None or parent.pk is None:
        return
    if declaration.model._default_manager.filter(**{holder.field: parent}).exists():
        text = _("There is one with that name already.")
        raise Invalid([fault(text, "taken", camel(holder.own[0]))])


def _assign(record: RegisterModel, part: Part, value: Any, user: Any) -> None:
    if value is None and part.is_relation and record.pk is not None:
        hidden = getattr(record, part.attribute, None)
        if hidden is not None and not hidden.can(user, view_verb(type(hidden))):
            return
    setattr(record, part.attribute, value)


def _links(record: RegisterModel, part: Part, chosen: list[RegisterModel], user: Any) -> set[int]:
    """What was chosen, and what the user was not shown and so cannot have meant to remove."""
    keys = {int(other.pk) for other in chosen}
    if record.pk is not None:
        linked = getattr(record, part.attribute)
        hidden = set(linked.values_list("pk", flat=True)) - set(
            linked.for_user(user, view_verb(linked.model)).values_list("pk", flat=True)
        )
        keys |= hidden
    return keys


def _faults(
    record: RegisterModel,
    resource: Resource,
    *,
    on_parent: bool,
    left_out: set[str] | None = None,
) -> list[dict[str, Any]]:
    names = {
        part.attribute: part.name for part in resource.parts if part.field.on_parent == on_parent
    }
    try:
        record.clean_fields(exclude=left_out)
        record.full_clean(exclude=left_out)
    except ValidationError as error:
        return list(faults_of_model(error, names))
    return []
