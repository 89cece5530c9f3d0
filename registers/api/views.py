"""The two addresses of every register: its records, and one record."""

from __future__ import annotations

import re
from contextlib import suppress
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import ProtectedError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from registers import access, registry, writing
from registers.api.conflicts import collisions
from registers.api.pagination import page_of
from registers.api.problems import HEADER, Invalid, Problem, fault
from registers.api.query import selected
from registers.api.resource import REASON, REASON_LENGTH, RecordSerializer, resource_of
from registers.api.saving import draft_of, refuse_shared
from registers.api.schema import RegisterSchema
from registers.codes import code_of, tells
from registers.declaration import Register
from registers.models import RegisterModel
from registers.naming import camel
from registers.writing import Conflict, Revision

REASON_HEADER = "Change-Reason"
_ETAG = re.compile(r'\s*(?:W/)?"([0-9]{1,9})(?:\.([0-9]{1,9}))?"\s*')


class RegisterView(APIView):
    """What both addresses share: the register, who may do what, and JSON of a record."""

    declaration: ClassVar[type[Register]]
    schema = RegisterSchema()

    def require(self, verb: str, record: RegisterModel | None = None) -> None:
        """403 where the account does not hold ``verb``."""
        if not self.declaration.allows(self.request.user, verb, record):
            raise PermissionDenied

    def serializer(self, *args: Any, **options: Any) -> RecordSerializer:
        """The serializer of this register, bound to the request."""
        made = resource_of(self.declaration).serializer
        return made(*args, context={"request": self.request, "view": self}, **options)

    def shown(self, record: RegisterModel, status: int = HTTPStatus.OK) -> Response:
        """One record, with its version as ETag."""
        response = Response(self.serializer(record).data, status=status)
        response.headers["ETag"] = etag_of(self.declaration, record)
        return response

    def found(self, pk: int) -> RegisterModel:
        """The record with everything its JSON needs; 404 where hidden."""
        self.require(access.VIEW)
        records = resource_of(self.declaration).with_relations(
            self.declaration.records(self.request.user)
        )
        record: RegisterModel | None = records.filter(pk=pk).first()
        if record is None:
            raise Http404
        return record

    def revision(self, reason: str = "") -> Revision:
        """Who changes what and why: the field of the body, or else the header."""
        header = self.request.headers.get(REASON_HEADER, "")
        with suppress(UnicodeError):
            header = header.encode("latin-1").decode()
        if len(header) > REASON_LENGTH or "\x00" in header:
            text = _("At most %(count)d characters.") % {"count": REASON_LENGTH}
            raise Invalid([fault(text, "max_length", REASON_HEADER, HEADER)])
        return Revision(self.request.user, reason or header)


class RecordsView(RegisterView):
    """The records of a register: a page of them, and one more."""

    def get(self, request: Request) -> Response:
        """A page of the records that the account may see, filtered, searched and sorted."""
        self.require(access.VIEW)
        page = page_of(request)
        resource = resource_of(self.declaration)
        records = selected(resource, request)
        found, frame = page.of(request, resource.with_relations(records))
        return Response({**frame, "results": self.serializer(found, many=True).data})

    def post(self, request: Request) -> Response:
        """A new record; 201 with its address."""
        self.require(access.ADD)
        resource = resource_of(self.declaration)
        serializer = self.serializer(data=self.prepared(request.data))
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        revision = self.revision(values.pop(REASON, ""))
        draft = draft_of(resource, self.declaration.model(), values, request.user)
        if self.means_own(request.data):
            refuse_shared(draft)
        draft.save(revision)
        response = self.shown(self.found(draft.record.pk), HTTPStatus.CREATED)
        address = reverse(f"api-{self.declaration.name}-detail", [draft.record.pk], request=request)
        response.headers["Location"] = address
        return response

    def means_own(self, data: Any) -> bool:
        """Whether what was sent leaves the name of its parent to be filled in."""
        parent = self.declaration.parent
        if parent is None or parent.own is None:
            return False
        return not str(data.get(camel(parent.own[0])) or "").strip()

    def prepared(self, data: Any) -> Any:
        """What was sent, with what an empty field means filled in as an import does it."""
        if not isinstance(data, dict):
            return data
        names = {camel(f.name): f.name for f in self.declaration.transfer_fields()}
        row = {names[name]: value for name, value in data.items() if name in names}
        filled = self.declaration.prepare_row(dict(row))
        added = {camel(name): value for name, value in filled.items() if row.get(name) != value}
        return {**data, **added}


class RecordView(RegisterView):
    """One record of a register."""

    def get(self, request: Request, pk: int) -> Response:
        """The record; its version is the ETag."""
        return self.shown(self.found(pk))

    def patch(self, request: Request, pk: int) -> Response:
        """Change the fields that are sent, of the version that ``If-Match`` names."""
        record = self.found(pk)
        self.require(access.CHANGE, record)
        expected = expected_version(request)
        serializer = self.serializer(record, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        self.require_current(record, expected)
        values = dict(serializer.validated_data)
        revision = self.revision(values.pop(REASON, ""))
        draft = draft_of(resource_of(self.declaration), record, values, request.user)
        try:
            draft.save(revision, expected[0])
        except Conflict:
            raise self.stale(self.found(pk), expected) from None
        return self.shown(self.found(pk))

    def delete(self, request: Request, pk: int) -> Response:
        """Remove the version that ``If-Match`` names; its history stays."""
        record = self.found(pk)
        self.require(access.DELETE, record)
        expected = expected_version(request)
        self.require_current(record, expected)
        try:
            writing.delete(record, self.revision(), expected=expected[0])
        except Conflict as conflict:
            if conflict.current is None:
                raise Http404 from None
            raise self.stale(self.found(pk), expected) from None
        except ProtectedError as refused:
            raise self.needed(refused) from None
        return Response(status=HTTPStatus.NO_CONTENT)

    def require_current(self, record: RegisterModel, expected: tuple[int, int | None]) -> None:
        """412 where the record, or the parent that it shares, changed since it was read."""
        if expected != versions_of(self.declaration, record):
            raise self.stale(record, expected)

    def stale(self, record: RegisterModel, expected: tuple[int, int | None]) -> Problem:
        """The answer to the second of two editors: what stands, what they sent, who was first."""
        shown = self.serializer(record).data
        sent = self.request.data if isinstance(self.request.data, dict) else {}
        found = collisions(resource_of(self.declaration), record, expected, shown, sent)
        return Problem(
            HTTPStatus.PRECONDITION_FAILED,
            _("Somebody else changed this record since you read it. Nothing was saved."),
            currentETag=etag_of(self.declaration, record),
            differences=found,
        )

    def needed(self, refused: ProtectedError) -> Problem:
        """The answer where others need the record: their codes, as far as the account sees them."""
        user = self.request.user
        names = []
        others: list[Any] = list(refused.protected_objects)[:100]
        for other in others:
            register = registry.for_model(type(other))
            if register is not None and registry.may_see(other, user) and tells(other, user):
                names.append(f"{register.name}/{code_of(other)}")
        return Problem(
            HTTPStatus.CONFLICT,
            _("Other records need this one. Nothing was removed."),
            neededBy=sorted(names),
        )


def versions_of(declaration: type[Register], record: RegisterModel) -> tuple[int, int | None]:
    """The version of a record, and of the parent that it shares with others."""
    holder = declaration.parent
    return record.version, getattr(record, holder.field).version if holder else None


def etag_of(declaration: type[Register], record: RegisterModel) -> str:
    """``"3"``, or ``"3.7"`` where a parent's version counts as well."""
    return '"{}"'.format(
        ".".join(str(v) for v in versions_of(declaration, record) if v is not None)
    )


def expected_version(request: Request) -> tuple[int, int | None]:
    """The version that ``If-Match`` names; 428 without one, 400 where it names none.

    ``*`` names no version: it would let the second editor overwrite the first unseen.
    """
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        raise Problem(
            HTTPStatus.PRECONDITION_REQUIRED,
            _("Send the ETag that you read as If-Match, so that you overwrite nobody's work."),
        )
    match = _ETAG.fullmatch(given)
    if match is None:
        raise Invalid([fault(_("Send the ETag as you read it."), "etag", "If-Match", HEADER)])
    return int(match[1]), int(match[2]) if match[2] else None
