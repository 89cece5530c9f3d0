"""What somebody typed survives a session that ended meanwhile.

A form that arrives without a session goes back to its sender, signed, inside the login page;
after logging in it waits in the new session and the form shows it again. Nothing is stored for
somebody who isn't logged in, and nothing is saved that wasn't sent by somebody who is.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

FIELD = "kept"
KEY = "kept-form"
MAX_CHARACTERS = 200_000
MAX_AGE = 12 * 3600
"""Seconds within which somebody logs in again."""
LEFT_OUT = ("csrfmiddlewaretoken", FIELD, "password", "username")


def sealed(request: HttpRequest) -> str:
    """The posted form as a signed text; empty where there is nothing, or too much, to keep."""
    data = request.POST.copy()
    for name in LEFT_OUT:
        data.pop(name, None)
    typed = data.urlencode()
    if not typed or len(typed) > MAX_CHARACTERS:
        return ""
    return signing.dumps({"path": request.get_full_path(), "typed": typed}, salt=KEY, compress=True)


def unseal(request: HttpRequest, text: str) -> str:
    """Let the form wait in the session of who just logged in; answers its address, or nothing."""
    try:
        found = signing.loads(text, salt=KEY, max_age=MAX_AGE)
    except signing.BadSignature:
        return ""
    wait(request, found)
    return str(found["path"])


def wait(request: HttpRequest, found: dict[str, Any]) -> None:
    """Let a form wait in the session until its page is opened."""
    request.session[KEY] = found


def keep_here(request: HttpRequest) -> None:
    """Let the posted form wait in the present session."""
    text = sealed(request)
    if text:
        wait(request, signing.loads(text, salt=KEY))


def typed_before(request: HttpRequest) -> QueryDict | None:
    """What was typed into this page's form before the session ended; once, and not yet saved."""
    if request.method != "GET":
        return None
    found = request.session.get(KEY)
    if not found or found.get("path") != request.get_full_path():
        return None
    del request.session[KEY]
    messages.warning(
        request,
        _("Your session had ended. What you typed is back; it is not saved yet."),
    )
    return QueryDict(found["typed"])


def from_this_site(request: HttpRequest) -> bool:
    """Whether the browser itself says that a page of ours sent this."""
    origin = request.headers.get("Origin", "")
    sent_by = urlsplit(origin)
    return (
        bool(origin) and sent_by.netloc == request.get_host() and sent_by.scheme == request.scheme
    )
