"""The picture of a failure with the words in its boxes, at one hour of the outage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from django.urls import reverse
from django.utils.translation import gettext as _

from continuity.chain.models import Kind
from continuity.chain.queries import Failure
from continuity.chain.words import after
from continuity.explorer.picture import HEIGHT, WIDTH, Box, Fallen, Mark, Picture, picture
from continuity.processes import words
from continuity.processes.queries import ProcessEffect, ProcessEffects
from continuity.processes.rules import standing
from registers.notation import hours, number
from registers.status import Status, Tone

LETTERS = 25
"""So many fit on a line of a box."""
MOST_CAUSES = 500
"""Of more elements than this the causes are not worked out: that takes long and shows nothing."""


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """A box with its words: up to two lines of name, and its state as word and shape."""

    box: Box
    lines: Sequence[str]
    title: str
    state: Status
    url: str


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """Where alternatives meet, in words: 2 of 3."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Drawing:
    """The picture, ready for a template."""

    picture: Picture
    boxes: Sequence[DrawnBox]
    marks: Sequence[DrawnMark]
    box_width: int = WIDTH
    box_height: int = HEIGHT


def drawing(failure: Failure, effects: ProcessEffects, at: float) -> Drawing:
    """What goes down and may be seen, as the outage stands at this hour."""
    processes = {effect.node.code: effect for effect in effects.seen}
    drawn = picture(_fallen(failure))
    return Drawing(
        drawn,
        [_box(box, failure, processes, at) for box in drawn.boxes],
        [
            DrawnMark(
                mark,
                _("%(minimum)s of %(of)s")
                % {"minimum": number(mark.minimum), "of": number(mark.of)},
            )
            for mark in drawn.marks
        ],
    )


def _fallen(failure: Failure) -> list[Fallen]:
    found = [Fallen(node.code, node.kind, 0.0, kept=True) for node in failure.failed]
    if failure.kinds.total() > MOST_CAUSES:
        # No box will be of one element but a process: why each fell is not in the picture.
        failed = failure.course.failed
        return found + [
            Fallen(hit.node.code, hit.node.kind, hit.hours, failed) for hit in failure.hits()
        ]
    for hit in failure.hits():
        cause = failure.fall(hit.node.code).because
        assert cause is not None, "what goes down beside the failed has a cause"
        stopped = tuple(
            part.element
            for part in cause.parts
            if part.until_hours is not None and part.until_hours <= hit.hours
        )
        kept = hit.node.kind == Kind.PROCESS
        found.append(
            Fallen(
                hit.node.code,
                hit.node.kind,
                hit.hours,
                stopped,
                cause.minimum,
                len(cause.parts),
                kept,
            )
        )
    return found


def _box(box: Box, failure: Failure, processes: Mapping[str, ProcessEffect], at: float) -> DrawnBox:
    if len(box.members) > 1:
        return _several(box, at)
    node = failure.snapshot.nodes[box.code]
    effect = processes.get(box.code)
    described = effect is not None and effect.described
    url = reverse("register-record", args=["processes" if described else "elements", node.pk])
    lines = wrap(node.name, LETTERS, max_lines=2, placeholder="…")
    return DrawnBox(box, lines, node.name, _state(box, effect, at), url)


def _state(box: Box, effect: ProcessEffect | None, at: float) -> Status:
    hour = box.hours[0]
    if at < hour:
        return Status(_("goes down %(after)s") % {"after": after(hour)}, Tone.NEUTRAL)
    if effect is not None:
        now = standing(at, hour, effect.mtpd_hours, effect.tolerable_until)
        return words.STANDINGS[now]
    if not box.members[0].because and hour == 0:
        return Status(_("fails"), Tone.BAD)
    return Status(_("down"), Tone.ATTENTION)


def _several(box: Box, at: float) -> DrawnBox:
    first, last = box.hours
    down = sum(one.hours <= at for one in box.members)
    name = f"{number(len(box.members))} × {Kind(box.kind).label.lower()}"
    when = after(first) if first == last else f"{hours(first)} – {hours(last)}"
    state = (
        Status(_("%(count)s down") % {"count": number(down)}, Tone.ATTENTION)
        if down
        else Status(_("goes down %(after)s") % {"after": after(first)}, Tone.NEUTRAL)
    )
    return DrawnBox(box, [name, when], name, state, "#elements")
