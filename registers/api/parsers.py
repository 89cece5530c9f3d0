"""Reading JSON that strangers send: bounded in size and in depth, and as strict as I-JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from registers.api.problems import Problem


class BoundedJSON(JSONParser):
    """JSON of at most ``DATA_UPLOAD_MAX_MEMORY_SIZE`` bytes, as forms have it.

    The framework reads the stream past Django's own limit, so it is kept here: 413 beyond it.
    What nests deeper than the interpreter can follow is malformed, not a defect: 400. So is what
    RFC 7493 (I-JSON) forbids: a name that comes twice, half a surrogate pair, a number that no
    double holds. Each would be read as something that was not meant, or could not be answered.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        content = stream.read(most + 1)
        if len(content) > most:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("The request is too large."))
        try:
            found = json.loads(
                content.decode(),
                object_pairs_hook=_once_each,
                parse_constant=_no_number,
                parse_float=_finite,
            )
            json.dumps(found, ensure_ascii=False).encode()
        except RecursionError:
            raise ParseError(_("The JSON nests too deep.")) from None
        except UnicodeError:
            raise ParseError(_("The JSON holds text that is no Unicode.")) from None
        except ValueError as malformed:
            raise ParseError(
                _("The JSON cannot be read: %(reason)s") % {"reason": malformed}
            ) from None
        return found


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(_("The JSON names “%(name)s” twice.") % {"name": ascii(twice)[1:101]})
    return found


def _no_number(text: str) -> NoReturn:
    raise ParseError(_("The JSON holds %(text)s, which is no number.") % {"text": text[:30]})


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)
