"""Sessions in the database, asked for by keys that can be one.

A cookie holds whatever its sender likes. PostgreSQL takes a NUL in a question for an error, so
that such a cookie would break every page, the log-in page included.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db

SHORTEST = 8


class SessionStore(db.SessionStore):
    """Knows no key but letters and digits, of which Django makes its own."""

    def _validate_session_key(self, key: Any) -> bool:
        return bool(key) and len(key) >= SHORTEST and key.isascii() and key.isalnum()
