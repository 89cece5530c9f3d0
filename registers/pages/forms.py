"""Adding, changing and removing a record, with a reason and against the version that was read."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from registers import conflicts, registry, writing
from registers.access import ADD, CHANGE, DELETE
from registers.declaration import Register
from registers.forms import ChangeForm, RegisterForm, form_for
from registers.guards import Refusal
from registers.models import RegisterModel
from registers.notation import capital
from registers.pages.keeping import typed_before
from registers.pages.permission import record_for, requires_on_register
from registers.panels import relations_of, title_of
from registers.templatetags.regie import link_html
from registers.writing import Conflict, Revision

MANY = 20


@requires_on_register(ADD)
def add_page(request: HttpRequest, declaration: type[Register]) -> HttpResponse:
    """A new record; the address may fill in fields (``?owner_unit=A``)."""
    before = typed_before(request)
    data = request.POST if request.method == "POST" else before
    form = form_for(declaration)(
        data, user=request.user, instance=declaration.model(), initial=_given(declaration, request)
    )
    change = ChangeForm(data)
    if request.method == "POST" and form.is_valid() and change.is_valid():
        record = _created(form, Revision(request.user, change.cleaned_data["reason"]))
        if record is not None:
            messages.success(
                request,
                _("%(record)s is added.") % {"record": title_of(declaration, record, request.user)},
            )
            return redirect(declaration.url_of(record))
    heading = _("New: %(kind)s") % {"kind": declaration.singular()}
    return _form_page(request, declaration, form, change, {"title": heading})


@requires_on_register(CHANGE)
def edit_page(request: HttpRequest, declaration: type[Register], pk: int) -> HttpResponse:
    """A record's form. Whoever comes second is shown what the first one made of it."""
    try:
        record = record_for(declaration, request.user, pk, CHANGE, relations_of(declaration))
    except Http404:
        if request.method == "POST" and declaration.allows(request.user, ADD):
            return _gone(request, declaration)
        raise
    return edit(request, declaration, record)


def edit(request: HttpRequest, declaration: type[Register], record: RegisterModel) -> HttpResponse:
    """The form of a record that whoever asks may change; for pages that find it in another way."""
    visit = _Edit(request, declaration, record)
    done = visit.save() if request.method == "POST" else None
    return done or visit.page()


class _Edit:
    """One visit to the form of a record that is there."""

    def __init__(
        self, request: HttpRequest, declaration: type[Register], record: RegisterModel
    ) -> None:
        self.request = request
        self.declaration = declaration
        self.current = copy(record)
        """The record as it stands, whatever the form makes of ``record``."""
        form_class = form_for(declaration)
        data = request.POST if request.method == "POST" else typed_before(request)
        if data is not None:
            data = conflicts.resolved(data, form_class, copy(record), request.user)
        self.form = form_class(data, user=request.user, instance=record)
        self.change = ChangeForm(data, initial={"version": record.version})
        self.expected = _version(self.change)

    def save(self) -> HttpResponse | None:
        """Save if nobody was first; ``None`` leaves it to the page to say what is the matter."""
        if not (self.form.is_valid() and self.change.is_valid()):
            return None
        if self.expected != self.current.version:
            return None
        if self.form.says_the_same_as(self.current):
            messages.info(self.request, _("Nothing was changed, so nothing is saved."))
            return redirect(self.declaration.url_of(self.current))
        revision = Revision(self.request.user, self.change.cleaned_data["reason"])
        try:
            with transaction.atomic():
                writing.update(
                    self.form.instance,
                    revision,
                    expected=self.expected,
                    links=self.form.links(),
                )
        except IntegrityError:
            self.form.add_error(None, _taken())
            return None
        except Refusal as refused:
            self.form.add_error(None, refused)
            return None
        except Conflict as conflict:
            if conflict.current is None:
                return _gone(self.request, self.declaration)
            self.current = conflict.current
            return None
        messages.success(self.request, _("Saved."))
        return redirect(self.declaration.url_of(self.current))

    def page(self) -> HttpResponse:
        """The form, with what collides if somebody was first."""
        context: dict[str, Any] = {
            "record": self.current,
            "title": title_of(self.declaration, self.current, self.request.user),
        }
        if self.form.is_bound and self.expected != self.current.version:
            self.form.is_valid()
            context["conflict"] = True
            context["collisions"] = conflicts.collisions(
                self.declaration, self.form, self.current, self.expected, self.request.user
            )
            self._read_now()
        return _form_page(self.request, self.declaration, self.form, self.change, context)

    def _read_now(self) -> None:
        """What is shown is what stands now: saving once more goes against that version."""
        read = {self.change.add_prefix("version"): str(self.current.version)}
        self.change.data = {**dict(self.change.data.items()), **read}


@requires_on_register(DELETE)
def delete_page(request: HttpRequest, declaration: type[Register], pk: int) -> HttpResponse:
    """Asks before it removes; tells what still needs the record where that forbids it."""
    record = record_for(declaration, request.user, pk, DELETE, relations_of(declaration))
    change = ChangeForm(request.POST or None, initial={"version": record.version})
    context: dict[str, Any] = {
        "register": declaration,
        "record": record,
        "title": title_of(declaration, record, request.user),
        "change": change,
    }
    status = 200
    if request.method == "POST" and change.is_valid():
        name = title_of(declaration, record, request.user)
        try:
            writing.delete(
                record,
                Revision(request.user, change.cleaned_data["reason"]),
                expected=_version(change),
            )
        except ProtectedError as error:
            context["needed_by"], status = _needed_by(error, request.user), 409
        except Refusal as refused:
            context["refused"], status = refused.messages, 409
        except Conflict:
            context["changed_meanwhile"], status = True, 409
            context["change"] = ChangeForm(initial={"version": record.version})
        else:
            messages.success(request, _("%(record)s is removed.") % {"record": name})
            return redirect(declaration.list_url())
    return render(request, "registers/delete.html", context, status=status)


def _given(declaration: type[Register], request: HttpRequest) -> dict[str, Any]:
    """Values that the address fills in; a relation as the text of its input, or several."""
    names = set(declaration.form_fields())
    given: dict[str, Any] = {}
    for name in names.intersection(request.GET):
        several = declaration.field(name).many_to_many
        given[name] = request.GET.getlist(name) if several else request.GET[name]
    return given


def _version(change: ChangeForm) -> int:
    """The version that was read; -1, which is never current, where none was sent."""
    if not change.is_bound:
        return int(change.initial.get("version") or -1)
    change.is_valid()
    found = change.cleaned_data.get("version")
    return -1 if found is None else int(found)


def _created(form: RegisterForm, revision: Revision) -> RegisterModel | None:
    try:
        with transaction.atomic():
            return writing.create(form.instance, revision, form.links())
    except IntegrityError:
        form.add_error(None, _taken())
    except Refusal as refused:
        form.add_error(None, refused)
    return None


def _taken() -> str:
    return _(
        "Somebody else just recorded something that does not go with this. Check and save again."
    )


def _gone(request: HttpRequest, declaration: type[Register]) -> HttpResponse:
    """The record was removed meanwhile: what was typed can become a new one."""
    form = form_for(declaration)(request.POST, user=request.user, instance=declaration.model())
    context = {"title": _("No longer here"), "gone": True, "action": declaration.add_url()}
    return _form_page(request, declaration, form, ChangeForm(request.POST), context)


def _form_page(
    request: HttpRequest,
    declaration: type[Register],
    form: RegisterForm,
    change: ChangeForm,
    context: dict[str, Any],
) -> HttpResponse:
    colliding = {collision.field.name for collision in context.get("collisions", ())}
    sections = [
        (section, fields)
        for section, bound in form.sections()
        if (fields := [field for field in bound if field.name not in colliding])
    ]
    context = {
        "register": declaration,
        "form": form,
        "change": change,
        "sections": sections,
        "back": declaration.url_of(context["record"])
        if "record" in context
        else declaration.list_url(),
        **context,
    }
    return render(request, "registers/form.html", context, status=_status(request, form, context))


def _status(request: HttpRequest, form: RegisterForm, context: dict[str, Any]) -> int:
    if context.get("gone"):
        return 404
    if context.get("conflict"):
        return 409
    if request.method != "POST":
        return 200
    return 403 if form.out_of_scope else 422


def _needed_by(error: ProtectedError, user: Any) -> dict[str, Any]:
    """What forbids the removal: by name where the user may see it, by number where not."""
    found = sorted(error.protected_objects, key=str)
    visible = [r for r in found if not isinstance(r, RegisterModel) or registry.may_see(r, user)]
    named = []
    for record in visible[:MANY]:
        declaration = registry.for_model(type(record))
        kind = declaration.singular() if declaration else str(record._meta.verbose_name)
        named.append({"kind": capital(kind), "link": link_html(record, user)})
    return {"named": named, "more": len(visible) - len(named), "hidden": len(found) - len(visible)}
