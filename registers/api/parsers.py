"""Reading JSON that strangers send: bounded in size and in depth."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from registers.api.problems import Problem


class BoundedJSON(JSONParser):
    """JSON of at most ``DATA_UPLOAD_MAX_MEMORY_SIZE`` bytes, as forms have it.

    The framework reads the stream past Django's own limit, so it is kept here: 413 beyond it.
    What nests deeper than the interpreter can follow is malformed, not a defect: 400.
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
            return super().parse(BytesIO(content), media_type, parser_context)
        except RecursionError:
            raise ParseError(_("The JSON nests too deep.")) from None
