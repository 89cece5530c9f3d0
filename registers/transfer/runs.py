"""The course of an import through the pages: sent, checked, agreed to, carried out.

States move by compare-and-set, so that two processes never do the same step; what is written to
the register and the step to *done* are one transaction, so that a kill leaves both or neither.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registers import codes, registry
from registers.commands import to_json
from registers.declaration import Register
from registers.nudging import nudge
from registers.orphans import forget, remove_orphans
from registers.transfer import profiles
from registers.transfer.applying import Overtaken
from registers.transfer.faults import Unreadable
from registers.transfer.importing import carry_out, plan_import
from registers.transfer.models import ImportRun, RunState
from registers.transfer.planning import Plan
from registers.transfer.source import Source
from registers.transfer.wording import Wording
from registers.writing import Revision

log = logging.getLogger(__name__)
INLINE_BYTES = 512 * 1024
"""Up to this size a file is checked and carried out while its sender waits."""
LEASE = timedelta(minutes=20)
"""Longer than the time limit of a task: whoever holds a run this long is dead."""
NUDGE_AFTER = timedelta(minutes=1)
KEEP_FILES = timedelta(days=7)
MAX_ATTEMPTS = 3
SHOWN_CHANGES = 200
SALT = "registers.transfer.agree"
ADVANCE = "registers.transfer.tasks.advance"
TELL_EVERY_SECONDS = 1.0
SHOWN_NAMES = 10


def send(
    declaration: type[Register],
    user: Any,
    upload: UploadedFile[bytes],
    *,
    profile: str = "",
    sheet: str = "",
    create_missing: bool = False,
) -> ImportRun:
    """Keep a file and have it checked: at once if it is small, else by the worker."""
    run = ImportRun(
        register=declaration.name,
        user=user,
        file_name=(upload.name or "")[-200:],
        size=upload.size or 0,
        profile=profile,
        sheet=sheet,
        create_missing=create_missing,
        language=translation.get_language() or settings.LANGUAGE_CODE,
    )
    run.file.save(f"{declaration.name}.upload", upload, save=False)
    run.save()
    work_on(run)
    return run


def work_on(run: ImportRun) -> None:
    """Take the next step: here if the file is small, else by a message to the worker on commit."""
    if run.size <= INLINE_BYTES:
        step(run.pk)
    else:
        nudge(ADVANCE, run.pk)
    run.refresh_from_db()


def step(pk: int) -> None:
    """Check or carry out a run, whichever its state asks; nothing if another process has it."""
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    waiting = ImportRun.objects.filter(
        free, pk=pk, state__in=[RunState.CHECKING, RunState.APPLYING]
    )
    if not waiting.update(claimed_at=now, attempts=F("attempts") + 1, percent=0):
        return
    run = ImportRun.objects.select_related("user").get(pk=pk)
    with translation.override(run.language):
        if run.attempts > MAX_ATTEMPTS:
            _fail(run, _("It was tried %(count)d times.") % {"count": MAX_ATTEMPTS})
            return
        try:
            _check(run) if run.state == RunState.CHECKING else _apply(run)
        except Unreadable as unreadable:
            _refuse_whole(run, unreadable)
        except Exception as broken:
            log.exception("import %s broke", run.pk)
            _fail(run, _("Something went wrong here: %(kind)s.") % {"kind": type(broken).__name__})


def agreement(run: ImportRun) -> str:
    """What the yes must bring back: this run, and the versions that its preview was made from."""
    return signing.dumps({"run": run.pk, "digest": run.digest}, salt=SALT)


def agree(run: ImportRun, token: str) -> bool:
    """Somebody says yes to what they saw; ``False`` if that isn't what stands there now."""
    try:
        said = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return False
    if said != {"run": run.pk, "digest": run.digest} or not _move(
        run, RunState.CHECKED, RunState.APPLYING, claimed_at=None, attempts=0, percent=0, message=""
    ):
        return False
    work_on(run)
    return True


def try_again(run: ImportRun) -> bool:
    """Check a failed run once more."""
    moved = _move(run, RunState.FAILED, RunState.CHECKING, claimed_at=None, attempts=0, message="")
    if moved:
        work_on(run)
    return moved


def discard(run: ImportRun) -> bool:
    """Throw a run away that waits for nothing but a person; its file goes."""
    for state in (RunState.CHECKED, RunState.REFUSED, RunState.FAILED):
        if _move(run, state, RunState.DISCARDED, finished_at=timezone.now(), seen={}):
            forget(run.file)
            return True
    return False


def sweep(now: datetime | None = None) -> list[int]:
    """Runs that were left behind, whatever the broker lost; old files go. Answers their keys."""
    now = now or timezone.now()
    for run in ImportRun.objects.filter(state__in=[RunState.DONE, RunState.DISCARDED]).exclude(
        file=""
    ):
        forget(run.file)  # a kill fell between the last step and this
    remove_orphans(ImportRun, "file", now)
    for run in ImportRun.objects.filter(
        state__in=[RunState.CHECKED, RunState.REFUSED, RunState.FAILED],
        created_at__lt=now - KEEP_FILES,
    ):
        discard(run)
    lost = ImportRun.objects.filter(
        Q(claimed_at=None, created_at__lt=now - NUDGE_AFTER) | Q(claimed_at__lt=now - LEASE),
        state__in=[RunState.CHECKING, RunState.APPLYING],
    )
    return list(lost.values_list("pk", flat=True))


def _check(run: ImportRun) -> None:
    plan = _plan(run)
    _keep(run, plan)


def _keep(run: ImportRun, plan: Plan, message: str = "") -> None:
    """Store what a plan found, for the preview."""
    wording = Wording(plan.declaration, run.user)
    seen = _seen(plan)
    _move(
        run,
        run.state,
        RunState.CHECKED if plan.possible else RunState.REFUSED,
        claimed_at=None,
        percent=100,
        rows=plan.rows,
        created=len(plan.created),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
        refused=plan.refused,
        faults=plan.faults.count,
        outcome={
            "changes": to_json(wording.of(plan.changed[:SHOWN_CHANGES])),
            "created": to_json(wording.of(plan.created[:SHOWN_CHANGES])),
            "faults": to_json(plan.faults.in_order()),
            "notes": plan.notes,
        },
        seen=seen,
        digest=_digest(seen),
        message=message,
    )


def _apply(run: ImportRun) -> None:
    """Plan once more, compare with what the user agreed to, and write it all."""
    plan = _plan(run)
    if _digest(_seen(plan)) != run.digest:
        _keep(run, plan, _overtaken_by(run, plan))
        return
    revision = Revision(run.user, _("Import of %(name)s") % {"name": run.file_name})
    try:
        with transaction.atomic():
            if plan.writes:
                carry_out(plan, revision)
            if not _move(
                run,
                RunState.APPLYING,
                RunState.DONE,
                finished_at=timezone.now(),
                claimed_at=None,
                percent=100,
                seen={},
            ):
                transaction.set_rollback(True)
                return
    except Overtaken as overtaken:
        _keep(run, _plan(run), str(overtaken))
        return
    forget(run.file)


def _plan(run: ImportRun) -> Plan:
    declaration = registry.get(run.register)
    return plan_import(
        Source(run.file_name, run.size, lambda: run.file.storage.open(run.file.name or "")),
        declaration,
        user=run.user,
        profile=profiles.get(run.register, run.profile),
        sheet=run.sheet,
        create_missing=run.create_missing,
        report=_telling(run),
    )


def _telling(run: ImportRun) -> Callable[[int, int], None]:
    """Writes how far a run is, at most once a second."""
    last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last > TELL_EVERY_SECONDS and total:
            last = time.monotonic()
            ImportRun.objects.filter(pk=run.pk).update(percent=100 * done // total)

    return tell


def _seen(plan: Plan) -> dict[str, Any]:
    """What a plan was made from: versions by key of the record, and the keys that were new."""
    return {
        "versions": {str(pk): version for pk, version in sorted(plan.read.items())},
        "new": sorted(codes.code_of(planned.record) for planned in plan.created),
        "made": sorted(codes.code_of(record) for record in plan.made),
        "changed": len(plan.changed),
    }


def _digest(seen: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def _overtaken_by(run: ImportRun, plan: Plan) -> str:
    """Which records somebody else changed between the preview and the yes."""
    before, now = run.seen.get("versions", {}), _seen(plan)
    keys = [
        int(pk)
        for pk, version in now["versions"].items()
        if int(pk) > 0 and before.get(pk) != version
    ]
    records = plan.declaration.records(run.user).filter(pk__in=keys)[:SHOWN_NAMES]
    names = [codes.code_of(record) for record in records]
    names += sorted(set(run.seen.get("new", [])) - set(now["new"]) - set(names))[:SHOWN_NAMES]
    what = ", ".join(names[:SHOWN_NAMES]) or _("records that these rows name")
    return _(
        "Somebody else changed this meanwhile: %(what)s. Nothing was written; this is how it"
        " stands now."
    ) % {"what": what}


def _refuse_whole(run: ImportRun, unreadable: Unreadable) -> None:
    fault = {
        "row": 0,
        "column": "",
        "value": "",
        "problem": unreadable.problem,
        "remedy": unreadable.remedy,
    }
    _move(
        run,
        run.state,
        RunState.REFUSED,
        claimed_at=None,
        faults=1,
        outcome={"changes": [], "created": [], "faults": [fault], "notes": []},
        percent=100,
    )


def _fail(run: ImportRun, reason: str) -> None:
    _move(run, run.state, RunState.FAILED, claimed_at=None, message=reason)


def _move(run: ImportRun, before: str, after: str, **values: Any) -> bool:
    """Compare-and-set: take a step if the run is still where it was."""
    moved = ImportRun.objects.filter(pk=run.pk, state=before).update(state=after, **values)
    if moved:
        run.state = after
        for name, value in values.items():
            setattr(run, name, value)
    return bool(moved)
