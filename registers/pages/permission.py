"""Every page says who may open it; a page that says nothing fails the permission test.

Logging in is asked of everybody by ``LoginRequiredMiddleware``. The decorators here say what
is asked besides, answer 403 where it is missing, and leave it on the view as ``permission``,
where the matrix test reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from registers import registry
from registers.access import VIEW, scope_of
from registers.declaration import Register
from registers.models import RegisterModel

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Permission:
    """What a page asks.

    ``verb`` is a verb of the policy, or of the machinery where ``of_register`` is true (then
    :meth:`Register.verb` translates it). ``""`` asks only for an account; ``public`` not even that.
    """

    verb: str = ""
    of_register: bool = False
    public: bool = False


def requires(verb: str) -> Callable[[View], View]:
    """A page for those who hold ``verb`` somewhere; everyone else gets 403.

    A page about one record asks the record as well: :func:`record_for`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not scope_of(request.user, verb):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return marked(guarded, Permission(verb))

    return decorate


def requires_on_register(verb: str) -> Callable[[View], View]:
    """A page of any register: the view gets the declaration instead of its name.

    An unknown register is 404; one on which the account holds ``verb`` nowhere is 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, name: str, **kwargs: Any) -> HttpResponseBase:
            try:
                declaration = registry.get(name)
            except registry.UnknownRegister as unknown:
                raise Http404(str(unknown)) from unknown
            if not (
                declaration.allows(request.user, VIEW) and declaration.allows(request.user, verb)
            ):
                raise PermissionDenied
            return view(request, declaration, **kwargs)

        return marked(guarded, Permission(verb, of_register=True))

    return decorate


def for_everyone_logged_in(view: View) -> View:
    """A page for every account, whatever its roles."""
    return marked(view, Permission())


def public(view: View) -> View:
    """A page that asks for no account."""
    return marked(login_not_required(view), Permission(public=True))


def marked(view: View, permission: Permission) -> View:
    """Leave on the view what it asks."""
    view.permission = permission  # type: ignore[attr-defined]  # a mark left on a function
    return view


def record_for(
    declaration: type[Register], user: Any, pk: int, verb: str = VIEW, related: tuple[str, ...] = ()
) -> RegisterModel:
    """The record with this key: 404 where ``user`` may not see it, 403 where not do this."""
    records = declaration.records(user)
    record: RegisterModel = get_object_or_404(
        records.select_related(*related) if related else records, pk=pk
    )
    if verb != VIEW and not declaration.allows(user, verb, record):
        raise PermissionDenied
    return record
