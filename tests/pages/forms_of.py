"""Fill in a form as a browser does: what the page offered, with some values changed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Fields(HTMLParser):
    """Collects what a browser would send from the page's last form."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value if value is not None else "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.fields = {}
        elif tag == "input" and name:
            ticks = given.get("type") in ("checkbox", "radio")
            if not ticks or "checked" in given:
                self.fields.setdefault(name, []).append(given.get("value", "on" if ticks else ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.fields.setdefault(self.select, []).append(given.get("value", ""))
        elif tag == "textarea":
            self.area = name
            self.fields.setdefault(name, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.fields.setdefault(self.select, [""])
            self.select = ""
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area][-1] += data.removeprefix("\n")


def fields_of(html: str) -> dict[str, list[str]]:
    """The names and values that a browser would send for the last form on a page."""
    parser = _Fields()
    parser.feed(html)
    return {name: values for name, values in parser.fields.items() if name}


def submit(client: Client, address: str, html: str | None = None, **changes: Any) -> Any:
    """Open the form (or take a page that is open), change some fields, send it."""
    page = html if html is not None else client.get(address).content.decode()
    data: dict[str, Any] = fields_of(page)
    data.update({name.replace("__", "-"): value for name, value in changes.items()})
    return client.post(address, data)
