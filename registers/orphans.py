"""Stored files that no row names: who stored them was killed, or overtaken, before saying so."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import models
from django.db.models.fields.files import FieldFile

log = logging.getLogger(__name__)
YOUNG = timedelta(days=1)
"""A file this new may still get its row: it is stored first, and named when that is committed."""
AT_ONCE = 500


def remove_orphans(model: type[models.Model], name: str, now: datetime) -> int:
    """Remove the files in the folder of a file field that no row names; answers how many."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.FileField)
    folder = str(field.upload_to)
    try:
        _folders, files = field.storage.listdir(folder)
    except FileNotFoundError:
        return 0
    paths = [f"{folder}{file}" for file in files]
    removed = 0
    for start in range(0, len(paths), AT_ONCE):
        part = paths[start : start + AT_ONCE]
        rows = model._default_manager.filter(**{f"{name}__in": part})
        for path in sorted(set(part) - set(rows.values_list(name, flat=True))):
            if _age(field, path, now) > YOUNG:
                log.warning("%s belongs to nothing and is removed", path)
                field.storage.delete(path)
                removed += 1
    return removed


def _age(field: models.FileField, path: str, now: datetime) -> timedelta:
    try:
        return now - field.storage.get_modified_time(path)
    except FileNotFoundError:  # another sweep was first
        return timedelta()


def forget(file: FieldFile) -> None:
    """Remove the file of a row that needs it no longer, and say so in the row."""
    row = file.instance
    file.delete(save=False)
    type(row)._default_manager.filter(pk=row.pk).update(**{file.field.name: ""})
