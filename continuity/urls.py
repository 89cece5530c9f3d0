"""Addresses of the pages that a declaration can't give."""

from django.urls import URLPattern, URLResolver, path

from continuity.explorer.pages import what_if_page, what_if_sheet
from continuity.outages.pages import judge, outage_sheet
from continuity.processes import pages
from continuity.weaknesses.lists import LISTINGS
from continuity.weaknesses.pages import export_page, page_of

urlpatterns: list[URLPattern | URLResolver] = [
    path("what-if", what_if_page, name="what-if"),
    path("what-if/sheet", what_if_sheet, name="what-if-sheet"),
    # The first list stands above the others, so that the menu knows where all of them belong.
    path("weak-points", page_of(LISTINGS[0]), name=LISTINGS[0].url_name),
    *(path(f"weak-points/{one.slug}", page_of(one), name=one.url_name) for one in LISTINGS[1:]),
    path("weak-points/export", export_page, name="weaknesses-export"),
    path("outages/<int:pk>/sheet", outage_sheet, name="outage-sheet"),
    path("outages/<int:pk>/findings/<int:element>", judge, name="outage-finding"),
    path("elements/<int:pk>/describe", pages.describe, name="element-describe"),
    path("processes/<int:pk>/test", pages.start, name="process-test-start"),
    path("process-tests/<int:pk>", pages.read, name="process-test"),
    path("process-tests/<int:pk>/edit", pages.edit, name="process-test-edit"),
    path("process-tests/<int:pk>/judge", pages.judge, name="process-test-judge"),
    path("process-tests/<int:pk>/withdraw", pages.withdraw, name="process-test-withdraw"),
    path("process-tests/<int:pk>/discard", pages.discard, name="process-test-discard"),
]
