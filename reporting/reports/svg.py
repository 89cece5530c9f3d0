"""What is kept of a drawing that a browser made: shapes and text, nothing else.

A drawing is rebuilt from a list of allowed elements and attributes, so that it holds no script,
no style sheet and no address outside itself, and so that the random names that plotly.js gives
to its clip paths are replaced by numbers: the same figure gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

SVG = "http://www.w3.org/2000/svg"

_SHAPES = frozenset(["rect", "circle", "ellipse", "line", "path", "polygon", "polyline"])
_WORDS = frozenset(["text", "tspan"])
_ELEMENTS = _SHAPES | _WORDS | {"svg", "g", "defs", "clipPath"}
_PLACE = frozenset(
    ["x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "cx", "cy", "r", "rx", "ry", "d", "points"]
) | {"width", "height", "viewBox", "transform", "clip-path", "text-anchor"}
_INK = frozenset(
    ["stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap"]
) | {"stroke-linejoin", "stroke-miterlimit", "fill", "fill-opacity", "fill-rule", "opacity"}
_TYPE = frozenset(["font-family", "font-size", "font-weight", "font-style"])
_ATTRIBUTES = _PLACE | _INK | _TYPE
_EMPTY_IS_NOTHING = frozenset(["svg", "g", "defs", "clipPath", "text", "tspan"])
_LOCAL = re.compile(r"""url\(\s*["']?#([^"')\s]+)["']?\s*\)""")
_RGB = re.compile(r"rgb\((\d+), ?(\d+), ?(\d+)\)")


class NotADrawing(ValueError):
    """What came back is not an SVG drawing that can be trusted; the message says why."""


def tidy(source: bytes | str) -> str:
    """The drawing with allowed parts only and with names that do not change between drawings.

    Raises:
        NotADrawing: the source is not XML, or not SVG.
    """
    try:
        root = ElementTree.fromstring(source, forbid_dtd=True)
    except (ParseError, DefusedXmlException) as problem:
        raise NotADrawing(f"not well-formed XML: {problem}") from problem
    if root.tag != f"{{{SVG}}}svg":
        raise NotADrawing(f"the root is {root.tag!r}, not svg")
    names = _names(root)
    kept = _kept(root, names)
    if kept is None:
        raise NotADrawing("nothing is drawn in it")
    kept.set("xmlns", SVG)
    return tostring(kept, encoding="unicode")


def _names(root: Element) -> dict[str, str]:
    """A number for each name that the drawing itself uses, in the order in which it uses them."""
    used: dict[str, str] = {}
    for element in root.iter():
        for value in element.attrib.values():
            for name in _LOCAL.findall(value):
                used.setdefault(name, f"c{len(used) + 1}")
    return used


def _kept(element: Element, names: dict[str, str]) -> Element | None:
    tag = element.tag.removeprefix(f"{{{SVG}}}")
    if tag not in _ELEMENTS:
        return None
    copy = Element(tag, dict(_attributes(element, names)))
    copy.text = element.text if tag in _WORDS else None
    for child in element:
        kept = _kept(child, names)
        if kept is None:
            continue
        if kept.tag == "g" and not kept.attrib:
            copy.extend(kept)  # a group that says nothing only costs time
            continue
        kept.tail = child.tail if tag in _WORDS else None
        copy.append(kept)
    if tag in _EMPTY_IS_NOTHING and not len(copy) and not copy.text:
        return None
    if copy.get("d") == "M0,0":
        return None
    return copy


def _attributes(element: Element, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Allowed attributes in a fixed order; declarations of ``style`` as attributes of their own."""
    found = dict(element.attrib)
    for declaration in found.pop("style", "").split(";"):
        name, _colon, value = declaration.partition(":")
        if value:
            found[name.strip()] = value.strip()
    identity = found.get("id")
    if identity in names:
        yield "id", names[identity]
    for name in sorted(found):
        if name not in _ATTRIBUTES:
            continue
        value = _value(found[name], names)
        if value:
            yield name, value


def _value(value: str, names: dict[str, str]) -> str:
    """A value with the new names and short colours; nothing where it points outside."""
    local = _LOCAL.fullmatch(value.strip())
    if local:
        return f"url(#{names[local[1]]})"
    if "url(" in value or "://" in value:
        return ""
    colour = _RGB.fullmatch(value)
    if colour:
        return "#" + "".join(f"{int(part):02x}" for part in colour.groups())
    return value
