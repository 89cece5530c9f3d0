"""The pages of imports and exports: send a file, see what it would do, say yes; take a file."""

from __future__ import annotations

import csv
import io
import logging
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from registers.access import EXPORT, IMPORT
from registers.declaration import Register
from registers.filters import select
from registers.pages.bounding import takes_files
from registers.pages.lists import MOST_SHEET_ROWS, only_csv
from registers.pages.permission import requires_on_register
from registers.transfer import profiles, runs
from registers.transfer.cells import Notation
from registers.transfer.columns import headings, makes_missing, targets
from registers.transfer.exporting import Export
from registers.transfer.faults import KEPT_FAULTS, Unreadable
from registers.transfer.files import TYPES, csv_bytes, ods_file, xlsx_file
from registers.transfer.models import ImportRun, RunState
from registers.transfer.source import max_bytes, megabytes, too_large
from registers.transfer.values import defused

log = logging.getLogger(__name__)
SHOWN_FAULTS = 1_000
RECENT_RUNS = 10
FORM_BYTES = 64 * 1024
"""What a form may weigh beside its file."""


class ImportForm(forms.Form):
    """A file and how to read it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, XLSX or ODS. The first row of the table holds the headings."),
        error_messages={"empty": gettext_lazy("The file is empty.")},
    )
    profile = forms.ChoiceField(
        label=gettext_lazy("Made by"),
        required=False,
        help_text=gettext_lazy("A profile knows the columns of another program."),
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Only if the file has several; else the best fitting is read."),
    )
    create_missing = forms.BooleanField(
        label=gettext_lazy("Make records of which only the code is known"), required=False
    )

    def __init__(self, declaration: type[Register], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.gz,.xlsx,.ods"
        known = [(p.name, str(p.label) or p.name) for p in profiles.of_register(declaration.name)]
        profile: Any = self.fields["profile"]
        profile.choices = [
            ("", _("The headings of Regie, in Dutch, English or code")),
            *known,
        ]
        if not known:
            del self.fields["profile"]
        if not makes_missing(declaration):
            del self.fields["create_missing"]


class BoundedUpload(FileUploadHandler):
    """Stops keeping a file as soon as it is larger than what is read, before anything is stored."""

    refused = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django calls it so
        content_length: int,
        *args: Any,
        **options: Any,
    ) -> None:
        """Look at what the browser announces."""
        if content_length > max_bytes() + FORM_BYTES:
            self.refused = content_length

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a part of the file on to the next handler, or stop."""
        if self.refused or start + len(raw_data) > max_bytes():
            self.refused = max(self.refused, start + len(raw_data))
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""


@takes_files
@csrf_exempt  # the upload is bounded first; then csrf_protect asks for the token as everywhere
@requires_on_register(IMPORT)
def import_page(request: HttpRequest, declaration: type[Register]) -> HttpResponseBase:
    """Send a file to a register; what it would do is shown before anything is written."""
    bound = BoundedUpload(request)
    request.upload_handlers.insert(0, bound)
    return _import_page(request, declaration, bound)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _import_page(
    request: HttpRequest, declaration: type[Register], bound: BoundedUpload
) -> HttpResponseBase:
    posted = request.method == "POST"
    form = ImportForm(
        declaration, request.POST if posted else None, request.FILES if posted else None
    )
    status = 200
    if posted and bound.refused:
        form.errors["file"] = form.error_class([too_large(bound.refused).sentence()])
        status = 413
    elif posted and form.is_valid():
        data = form.cleaned_data
        run = runs.send(
            declaration,
            request.user,
            data["file"],
            profile=data.get("profile", ""),
            sheet=data["sheet"],
            create_missing=data.get("create_missing", False),
        )
        return redirect("register-import-run", declaration.name, run.pk)
    elif posted:
        status = 422
    context = {
        "register": declaration,
        "form": form,
        "bound": megabytes(max_bytes()),
        "columns": _columns(declaration, request.user),
        "runs": ImportRun.objects.filter(user=request.user.pk, register=declaration.name)[
            :RECENT_RUNS
        ],
        "export_url": reverse("register-export", args=[declaration.name]),
    }
    return render(request, "registers/import.html", context, status=status)


def _columns(declaration: type[Register], user: Any) -> list[list[str]]:
    """What the columns of a file are called, for the help beside the form."""
    withheld = declaration.withheld(user)
    labels = headings(declaration, as_codes=False)
    return [
        [name, labels[name], _("required") if target.spec.required else ""]
        for name, target in targets(declaration).items()
        if target.takes and target.path not in withheld
    ]


@requires_on_register(IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def run_page(request: HttpRequest, declaration: type[Register], pk: int) -> HttpResponseBase:
    """One import: how far it is, what it would do, what is wrong, what it did."""
    run = get_object_or_404(ImportRun, pk=pk, user=request.user, register=declaration.name)
    if request.method == "POST":
        return _act(request, declaration, run)
    if request.GET.get("errors") == "csv":
        return _faults_file(run)
    context = {
        "register": declaration,
        "run": run,
        "states": RunState,
        "faults": run.outcome.get("faults", [])[:SHOWN_FAULTS],
        "faults_shown": min(run.faults, SHOWN_FAULTS),
        "faults_kept": KEPT_FAULTS,
        "agreement": runs.agreement(run) if run.state == RunState.CHECKED else "",
        "writes": bool(run.created or run.changed),
    }
    working = run.at_work and getattr(request, "htmx", False)
    template = "registers/import_progress.html" if working else "registers/import_run.html"
    response = render(request, template, context)
    if getattr(request, "htmx", False) and not run.at_work:
        response["HX-Refresh"] = "true"
    return response


def _act(request: HttpRequest, declaration: type[Register], run: ImportRun) -> HttpResponse:
    """Say yes, throw away, or try again."""
    asked = request.POST.get("do")
    if asked == "agree":
        if not runs.agree(run, request.POST.get("agreement", "")):
            messages.warning(request, _("This is not what you saw any more. Look at it once more."))
    elif asked == "discard":
        if runs.discard(run):
            messages.success(request, _("The import is thrown away; nothing was written."))
            return redirect("register-import", declaration.name)
    elif asked == "again":
        runs.try_again(run)
    else:
        raise Http404
    return redirect("register-import-run", declaration.name, run.pk)


def _faults_file(run: ImportRun) -> HttpResponse:
    """All kept faults as CSV that Excel opens."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([_("Row"), _("Column"), _("Value"), _("What is wrong"), _("What to do")])
    for fault in run.outcome.get("faults", []):
        writer.writerow(
            [fault["row"], *(defused(fault[n]) for n in ("column", "value", "problem", "remedy"))]
        )
    response = HttpResponse("\ufeff" + text.getvalue(), content_type=TYPES["csv"])
    response["Content-Disposition"] = f'attachment; filename="{run.register}-{_("errors")}.csv"'
    return response


def _no_export(why: str) -> HttpResponse:
    return HttpResponse(why, status=400, content_type="text/plain; charset=utf-8")


@requires_on_register(EXPORT)
@require_safe
def export_page(request: HttpRequest, declaration: type[Register]) -> HttpResponseBase:
    """What the list shows as a file: the same filters, only what the user may see.

    ``format``: csv, xlsx or ods. ``headings``: words (default) or codes. ``notation``: plain
    (RFC 4180, ISO dates) or excel, for CSV. ``empty``: headings alone, to fill in.
    """
    kind = request.GET.get("format", "csv")
    if kind not in TYPES:
        raise Http404
    selection = select(declaration, request.user, request.GET)
    if not selection.valid:
        faults = " ".join(selection.faults)
        said = _("A filter was not understood, so nothing is exported. %(faults)s")
        return _no_export(said % {"faults": faults})
    excel = request.GET.get("notation") == "excel"
    notation = Notation(
        words=request.GET.get("headings") != "codes", local=excel, native=kind != "csv"
    )
    export = Export(declaration, request.user, notation)
    exportable = declaration.records(request.user, EXPORT)
    records = selection.records.filter(pk__in=exportable.order_by().values("pk"))
    if request.GET.get("empty"):
        records = records.none()
    if kind != "csv" and records.count() > MOST_SHEET_ROWS:
        return _no_export(only_csv())
    log.info("export of %s as %s by %s", declaration.name, kind, request.user)
    rows = export.rows(records)
    name = f"{declaration.name}-{timezone.localdate():%Y-%m-%d}.{kind}"
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(
            csv_bytes(export.headings(), rows, excel=excel), content_type=TYPES[kind]
        )
    else:
        make = xlsx_file if kind == "xlsx" else ods_file
        try:
            file = make(declaration.title(), export.headings(), rows)
        except Unreadable as unreadable:
            return _no_export(unreadable.sentence())
        response = FileResponse(file, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
