"""How a register is declared: filling in a form, from which everything else follows.

A subclass of :class:`Register` names its model, key, columns, filters, form sections and
panels. From that come list, record page, form, history, import, export, REST resource,
navigation, permissions and tests. Nothing here knows a domain word.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from registers import access
from registers.models import RegisterModel, RegisterQuerySet
from registers.parts import (
    Badge,
    Column,
    Computed,
    Due,
    Filter,
    Moment,
    Number,
    Panel,
    Parent,
    Related,
    Relation,
    Section,
    TransferField,
    Verb,
)
from registers.status import Notice, Phrase

__all__ = [
    "WRITING",
    "Badge",
    "Column",
    "Computed",
    "Due",
    "Filter",
    "Moment",
    "Number",
    "Panel",
    "Parent",
    "Register",
    "Related",
    "Relation",
    "Section",
    "TransferField",
    "Verb",
]
WRITING = frozenset({access.ADD, access.CHANGE, access.DELETE, access.IMPORT})


class Register:
    """The declaration of one register; subclasses fill in class attributes.

    ``name`` is what imports, exports and the API call it: plural, kebab-case.
    """

    name: ClassVar[str]
    model: ClassVar[type[RegisterModel]]
    group: ClassVar[Any] = ""
    """Heading in the navigation; registers of one group stand together in ``order``."""
    order: ClassVar[int] = 50
    menu_verb: ClassVar[str] = access.VIEW
    """Who finds it in the menu; others may still come by a link."""

    key: ClassVar[tuple[str, ...]] = ("code",)
    """Natural key by code names of :attr:`transfer`; the first also labels a record."""
    search: ClassVar[tuple[str, ...]] = ("code", "name")
    ordering: ClassVar[tuple[str, ...]] = ("code",)
    columns: ClassVar[tuple[Column, ...]] = ()
    filters: ClassVar[tuple[Filter, ...]] = ()
    sections: ClassVar[tuple[Section, ...]] = ()
    facts: ClassVar[tuple[Column, ...]] = ()
    """What the record's page tells; empty means the fields of :attr:`sections`."""
    panels: ClassVar[tuple[Panel | Related, ...]] = ()
    transfer: ClassVar[tuple[TransferField, ...]] = ()
    """Empty means the key and the fields of :attr:`sections` under their own names."""
    parent: ClassVar[Parent | None] = None
    actions: ClassVar[tuple[Verb, ...]] = ()
    verbs: ClassVar[Mapping[str, str]] = {}
    """Another verb of the policy for a machinery verb, e.g. ``{"change": "decide"}``."""
    personal: ClassVar[Mapping[str, str]] = {}
    """Fields that only holders of a verb see, through every door: ``{"email": "contact"}``."""
    read_only: ClassVar[bool] = False
    """No form, no import, no deletion by hand: only actions fill it."""
    append_only: ClassVar[bool] = False
    """Records are added and imported, and then stay as they are: a later one corrects them."""

    @classmethod
    def verb(cls, machinery_verb: str) -> str:
        """The verb that the policy is asked for a verb of the machinery."""
        return cls.verbs.get(machinery_verb, machinery_verb)

    @classmethod
    def records(cls, user: Any, machinery_verb: str = access.VIEW) -> RegisterQuerySet:
        """The records on which ``user`` holds the verb."""
        found: RegisterQuerySet = cls.model.objects.for_user(user, cls.verb(machinery_verb))
        return found

    @classmethod
    def closed(cls) -> frozenset[str]:
        """The machinery's verbs that nobody holds here, whatever the policy gives."""
        if cls.read_only:
            return WRITING
        return frozenset({access.CHANGE, access.DELETE}) if cls.append_only else frozenset()

    @classmethod
    def allows(cls, user: Any, machinery_verb: str, record: RegisterModel | None = None) -> bool:
        """Whether ``user`` holds the verb on ``record``, or on anything at all without one."""
        if machinery_verb in cls.closed():
            return False
        verb = cls.verb(machinery_verb)
        if record is not None:
            return record.can(user, verb)
        where = access.scope_of if cls.model.scope_path else access.shared_scope
        return bool(where(user, verb))

    @classmethod
    def withheld(cls, user: Any, record: RegisterModel | None = None) -> frozenset[str]:
        """The fields that ``user`` may not see: of ``record``, or of any record at all."""
        personal = (
            name
            for name, verb in cls.personal.items()
            if not (record.can(user, verb) if record is not None else access.scope_of(user, verb))
        )
        if record is None:
            return frozenset(personal)
        veiled = (name for name, keys in cls._veiled_keys(user).items() if record.pk in keys)
        return frozenset((*personal, *veiled))

    @classmethod
    def veiled(cls, user: Any) -> Mapping[str, Q]:
        """Lookups whose value ``user`` may not see in some records, with which records those are.

        For a text that gives away what lies elsewhere: it is withheld wherever it would be read,
        searched or sorted by.
        """
        return {}

    @classmethod
    def _veiled_keys(cls, user: Any) -> Mapping[str, Collection[int]]:
        """The keys of those records; kept on the account, which lives as long as one request."""
        kept = user.__dict__.setdefault("_veiled_keys", {})
        if cls.name not in kept:
            records = cls.model.objects.for_user(user, cls.verb(access.VIEW)).order_by()
            kept[cls.name] = {
                name: frozenset(records.filter(condition).values_list("pk", flat=True))
                for name, condition in cls.veiled(user).items()
            }
        found: Mapping[str, Collection[int]] = kept[cls.name]
        return found

    @classmethod
    def title(cls) -> str:
        """The register's name for people, plural."""
        return str(cls.model._meta.verbose_name_plural)

    @classmethod
    def singular(cls) -> str:
        """One record's kind for people."""
        return str(cls.model._meta.verbose_name)

    @classmethod
    def label_of(cls, record: RegisterModel, user: Any) -> str:
        """How ``user`` may know a record that they see, in other lists and in sentences."""
        return str(record)

    @classmethod
    def summary(cls, records: RegisterQuerySet) -> Sequence[Phrase]:
        """The sentence that opens the list, as parts; each part may link to just its records."""
        return ()

    @classmethod
    def notices(cls, record: Any, user: Any) -> Sequence[Notice]:
        """What is wrong with a record; its page says it first."""
        return ()

    @classmethod
    def headline(cls, record: Any) -> str:
        """What the record is, in one line."""
        return ""

    @classmethod
    def prepare_page(cls, records: Sequence[Any]) -> None:
        """Attach to the records of one page what their columns compute, in bulk: no query per row.

        Called with the rows of a list or panel, and with the one record of a record page.
        """

    @classmethod
    def prepare_row(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Fill in what an empty cell of an import means, before anything is looked up."""
        return row

    @classmethod
    def check_row(cls, row: Mapping[str, Any]) -> Mapping[str, str]:
        """Faults of a row that no single field shows, by code name. Forms ask the same question."""
        return {}

    @classmethod
    def check_shared(cls, record: Any, standing: int) -> Mapping[str, str]:
        """Faults of a record that rows of an import share, by code name of its column.

        ``standing``: how many records of this register stand on it once the import is done. Only
        an import knows: somebody who types enters them one after the other.
        """
        return {}

    @classmethod
    def placeholder(cls, code: str) -> RegisterModel | None:
        """An unsaved record for an unknown code; ``None`` where an import may not make it."""
        return None

    @classmethod
    def adoptable(cls, user: Any, codes: Collection[str]) -> Mapping[str, RegisterModel]:
        """Unsaved records that take up a record of a more general kind, by code.

        Where the model extends another in a table of its own, an import of an unknown code may
        find that the code stands there already: it fills in these and gives them to
        ``writing.create``, which keeps the key and the history. Only what ``user`` may change.
        """
        return {}

    # Addresses ---------------------------------------------------------------------------

    @classmethod
    def list_url(cls) -> str:
        return reverse("register-list", args=[cls.name])

    @classmethod
    def add_url(cls) -> str:
        return reverse("register-add", args=[cls.name])

    @classmethod
    def url_of(cls, record: RegisterModel) -> str:
        return reverse("register-record", args=[cls.name, record.pk])

    @classmethod
    def form_fields(cls) -> list[str]:
        """The fields that the form edits, in order."""
        return [n for section in cls.sections if not section.read_only for n in section.fields]

    @classmethod
    def transfer_fields(cls) -> tuple[TransferField, ...]:
        """The columns of imports and exports, key first."""
        if cls.transfer:
            return cls.transfer
        fields = [name for section in cls.sections for name in section.fields]
        names = [*cls.key, *(n for n in fields if n not in cls.key)]
        return tuple(TransferField(name=n, required=n in cls.key) for n in names)

    @classmethod
    def field(cls, name: str) -> models.Field[Any, Any]:
        """The model field with this name."""
        found = cls.model._meta.get_field(name)
        assert isinstance(found, models.Field)
        return found
