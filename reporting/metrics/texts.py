"""Texts in every language at once, because frozen facts must speak all of them."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils import translation


def both(say: Callable[..., object], *about: object) -> dict[str, str]:
    """What ``say`` says about ``about`` in each language of the interface, by language code.

    Numbers and dates inside are written in that language's notation too.
    """
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = str(say(*about))
    return said
