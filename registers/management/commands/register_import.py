"""``manage.py register_import REGISTER FILE``: bring a register up to date from a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from registers import access, registry
from registers.commands import Refused, RegieCommand, system_revision
from registers.declaration import Register
from registers.transfer import profiles
from registers.transfer.applying import Overtaken
from registers.transfer.faults import Fault, Unreadable
from registers.transfer.importing import carry_out, plan_import
from registers.transfer.planning import Plan
from registers.transfer.source import Source
from registers.transfer.wording import RecordChange, Wording, summary
from registers.writing import Revision

SHOWN_CHANGES = 20
JSON_CHANGES = 1_000


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do; ``made`` are records that others name."""

    register: str
    file: str
    dry_run: bool
    rows: int
    created: int
    changed: int
    unchanged: int
    refused: int
    made: int
    notes: list[str]
    changes: list[RecordChange]
    sentences: list[str]


class Command(RegieCommand):
    """Import a file; without ``--user`` the system itself does it and may do everything."""

    help = (
        "Upsert the records of a register from CSV, XLSX or ODS, by their key: all rows or none. "
        "Exit code 2: refused, nothing written, every reason listed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("register", metavar="REGISTER")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--profile", default="", help="How files of another program are read.")
        parser.add_argument(
            "--sheet", default="", help="Which sheet; the best fitting if not said."
        )
        parser.add_argument("--dry-run", action="store_true", help="Tell, and write nothing.")
        parser.add_argument(
            "--create-missing",
            action="store_true",
            help="Make records of which only the code is known.",
        )
        parser.add_argument(
            "--user", default="", help="Account that imports; the system itself if not said."
        )

    def answer(self, **options: Any) -> Outcome:
        """Plan, and unless it is a dry run carry it out."""
        declaration = known_register(options["register"])
        user = known_user(options["user"], declaration)
        try:
            source = Source.of_path(options["file"])
            with self.progress(_("Checking")) as progress:
                plan = plan_import(
                    source,
                    declaration,
                    user=user,
                    profile=profiles.get(declaration.name, options["profile"]),
                    sheet=options["sheet"],
                    create_missing=options["create_missing"],
                    report=progress,
                )
        except Unreadable as unreadable:
            raise Refused(
                unreadable.sentence(),
                [Fault(0, "", "", unreadable.problem, unreadable.remedy)],
            ) from unreadable
        if not plan.possible:
            faults = plan.faults.in_order()
            raise Refused([f.sentence() for f in faults], faults, plan.faults.count)
        outcome = self._outcome(plan, source, user, dry_run=options["dry_run"])
        if plan.writes and not options["dry_run"]:
            self._write(plan, source, user)
        return outcome

    def tell(self, result: Outcome) -> Sequence[str]:
        """Counts first, then the first differences, then what to know about the file."""
        lines = [*result.sentences]
        lines += [
            f"  {change.key}: "
            + "; ".join(f"{f.label} {f.before} → {f.after}" for f in change.fields)
            for change in result.changes[:SHOWN_CHANGES]
        ]
        if result.changed > SHOWN_CHANGES:
            more = _("... and %(count)d more.") % {"count": result.changed - SHOWN_CHANGES}
            lines.append(f"  {more}")
        lines += result.notes
        lines.append(_("Dry run: nothing was written.") if result.dry_run else _("Done."))
        return lines

    def _outcome(self, plan: Plan, source: Source, user: Any, *, dry_run: bool) -> Outcome:
        return Outcome(
            register=plan.declaration.name,
            file=source.name,
            dry_run=dry_run,
            rows=plan.rows,
            created=len(plan.created),
            changed=len(plan.changed),
            unchanged=plan.unchanged,
            refused=plan.refused,
            made=len(plan.made),
            notes=plan.notes,
            changes=Wording(plan.declaration, user).of(plan.changed[:JSON_CHANGES]),
            sentences=summary(plan),
        )

    def _write(self, plan: Plan, source: Source, user: Any) -> None:
        reason = _("Import of %(name)s") % {"name": source.name}
        revision = Revision(user, reason) if user else system_revision(reason)
        try:
            with self.progress(_("Writing")) as progress:
                carry_out(plan, revision, progress)
        except Overtaken as overtaken:
            raise Refused(_("%(what)s Run it again.") % {"what": overtaken}) from overtaken


def known_register(name: str) -> type[Register]:
    """The register with this name; an unknown one is refused with the names that exist."""
    try:
        return registry.get(name)
    except registry.UnknownRegister as unknown:
        names = ", ".join(sorted(r.name for r in registry.all_registers()))
        raise Refused(
            _("There is no register “%(name)s”. There are: %(names)s.")
            % {"name": name, "names": names}
        ) from unknown


def known_user(username: str, declaration: type[Register], verb: str = access.IMPORT) -> Any:
    """The account with this name, if it may do this at all; ``None`` without a name."""
    if not username:
        return None
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        raise Refused(_("There is no account “%(name)s”.") % {"name": username})
    if not declaration.allows(user, verb):
        raise Refused(
            _("The account %(name)s may not do this with %(register)s.")
            % {"name": username, "register": declaration.name}
        )
    return user
