"""From codes in a file to records: those that exist and may be seen, and those that are made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registers import access, codes, registry
from registers.declaration import Register
from registers.fields import view_verb
from registers.models import RegisterModel
from registers.transfer.columns import Target
from registers.transfer.faults import Bad
from registers.transfer.values import plain_text

UNESCAPED_SEMICOLON = re.compile(r"(?<!\\);|\n")
Found = RegisterModel | Bad | None


class OwnRow(str):
    """The code of a record that this same file makes; it is linked once all rows are known."""

    __slots__ = ()


class Lookups:
    """The records that a file names; one that is to be made is shared by all who name it."""

    def __init__(self, user: Any, *, create_missing: bool, creates: Sequence[str] = ()) -> None:
        self.user = user
        self.create_missing = create_missing
        self.creates = frozenset(creates)
        self.made: dict[type[RegisterModel], dict[str, RegisterModel]] = {}

    def one(self, target: Target, raws: Sequence[Any], own: frozenset[str]) -> list[Any]:
        """For each cell the record it names: ``None`` where empty, :class:`Bad` where unknown.

        ``own`` are the codes that this file makes itself, for relations to its own kind.
        """
        texts = _texts(raws)
        known = self._known(target, {text for text in texts if isinstance(text, str)}, own)
        return [known[text] if isinstance(text, str) else text for text in texts]

    def many(self, target: Target, raws: Sequence[Any]) -> list[Any]:
        """For each cell the list of records it names; :class:`Bad` where one is unknown."""
        texts = _texts(raws)
        cells = {text: split(text) for text in texts if isinstance(text, str)}
        pieces = {piece for several in cells.values() for piece in several}
        finer = {part.strip() for piece in pieces for part in piece.split(",")} - {""}
        known = self._known(target, pieces | finer, frozenset())
        return [_listed(cells[text], known) if isinstance(text, str) else text for text in texts]

    def hidden_links(self, model: type[RegisterModel], keys: Iterable[int]) -> set[int]:
        """Those of ``keys`` whose records the user may not see."""
        asked = set(keys)
        if self.user is None or not asked:
            return set()
        seen = model.objects.for_user(self.user, view_verb(model)).filter(pk__in=asked)
        return asked - set(seen.values_list("pk", flat=True))

    def _known(self, target: Target, asked: set[str], own: frozenset[str]) -> dict[str, Any]:
        model = target.related
        found: dict[str, Any] = dict(self._find(model, asked))
        limit: Any = getattr(target.field, "get_limit_choices_to", dict)() or None
        if limit and found:
            allowed = self._find(model, found, limit)
            for code in found.keys() - allowed.keys():
                found[code] = _not_allowed()
        unknown = asked - found.keys()
        own_here = unknown & own
        found.update({code: OwnRow(code) for code in own_here})
        found.update(self._missing(target, unknown - own_here))
        return found

    def _find(
        self, model: type[RegisterModel], asked: Iterable[str], limit: Any = None
    ) -> dict[str, RegisterModel]:
        system = self.user is None
        return codes.find(model, asked, self.user, view_verb(model), limit, everything=system)

    def _missing(self, target: Target, unknown: set[str]) -> dict[str, Found]:
        if not unknown:
            return {}
        model = target.related
        declaration = registry.for_model(model)
        may = self.create_missing or target.name in self.creates
        made = self.made.setdefault(model, {})
        fresh = {code for code in unknown if code not in made}
        # A code that exists out of the user's sight cannot be made once more, nor be told of.
        taken = codes.find(model, fresh, self.user, everything=True) if may and fresh else {}
        answers: dict[str, Found] = {}
        for code in sorted(unknown):
            if code in made:
                answers[code] = made[code]
                continue
            record = declaration.placeholder(code) if may and declaration else None
            if record is None or declaration is None or code in taken:
                answers[code] = self._unknown(target, declaration)
                continue
            answers[code] = self._checked(declaration, record)
            if answers[code] is record:
                made[code] = record
        return answers

    def _checked(self, declaration: type[Register], record: RegisterModel) -> Found:
        if self.user is not None and not record.can(self.user, declaration.verb(access.ADD)):
            return Bad(
                _("This record does not exist, and you may not make it."),
                _("Ask somebody who may add it for the whole organisation."),
            )
        try:
            record.clean_fields()
        except ValidationError as wrong:
            return Bad(
                _("This record does not exist and cannot be made: %(reason)s")
                % {"reason": " ".join(wrong.messages)}
            )
        return record

    def _unknown(self, target: Target, declaration: type[Register] | None) -> Bad:
        what = declaration.title() if declaration else target.related._meta.verbose_name_plural
        may_be_made = bool(declaration) and not self.create_missing
        makes = may_be_made and declaration is not None and declaration.placeholder("x") is not None
        return Bad(
            _("There is no such record in %(what)s, or none that you may see.") % {"what": what},
            _("Add it first, mend the code, or choose to make what is missing.")
            if makes
            else _("Add it first, or mend the code."),
        )


def split(text: str) -> list[str]:
    """The codes in one cell: separated by semicolons or line breaks; ``\\;`` is part of a code."""
    pieces = (piece.strip().replace("\\;", ";") for piece in UNESCAPED_SEMICOLON.split(text))
    return [piece for piece in pieces if piece]


def joined(several: Iterable[str]) -> str:
    """Codes as one cell; :func:`split` gives them back."""
    return "; ".join(code.replace(";", "\\;") for code in several)


def _texts(raws: Sequence[Any]) -> list[Any]:
    """Cells as texts, read once for each different cell; :class:`Bad` for rubbish."""
    known: dict[Any, Any] = {None: None}
    texts = []
    for raw in raws:
        key = raw if raw is None or type(raw) is str else (type(raw), raw)
        if key not in known:
            try:
                known[key] = plain_text(raw) or None
            except Bad as bad:
                known[key] = bad
        texts.append(known[key])
    return texts


def _listed(pieces: list[str], known: dict[str, Any]) -> list[RegisterModel] | Bad:
    """The records of one cell. A comma separates too, unless a code contains it."""
    records: list[RegisterModel] = []
    for piece in pieces:
        record = known[piece]
        if isinstance(record, Bad) and "," in piece:
            parts = [known[part.strip()] for part in piece.split(",") if part.strip()]
        else:
            parts = [record]
        for part in parts:
            if isinstance(part, Bad):
                return part
            records.append(part)
    return records


def _not_allowed() -> Bad:
    return Bad(
        _("This record exists, but is not of a kind that can stand here."),
        _("Choose another record."),
    )
