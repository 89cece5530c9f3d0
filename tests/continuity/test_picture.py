"""The picture of a failure: layers from the cause on, no more boxes than can be read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from continuity.explorer.picture import GAP_DOWN, HEIGHT, MOST_BOXES, Box, Fallen, picture


def box_of(code: str, boxes: Sequence[Box]) -> Box:
    (found,) = [box for box in boxes if code in [one.code for one in box.members]]
    return found


def test_what_fails_stands_left_and_each_step_it_takes_down_one_layer_further() -> None:
    drawn = picture(
        [
            Fallen("net", "network", 0),
            Fallen("phone", "service", 0, ("net",)),
            Fallen("alarm", "process", 1, ("phone", "net"), minimum=1, of=2),
        ]
    )
    layers = [box_of(code, drawn.boxes).layer for code in ("net", "phone", "alarm")]
    assert layers == [0, 1, 2]
    places = [box_of(code, drawn.boxes).x for code in ("net", "phone", "alarm")]
    assert places == sorted(set(places))


def test_alternatives_meet_in_a_mark_that_tells_how_many_of_how_many_are_needed() -> None:
    drawn = picture(
        [
            Fallen("a", "service", 0),
            Fallen("b", "service", 0),
            Fallen("p", "process", 0, ("a", "b"), minimum=2, of=3),
        ]
    )
    (mark,) = drawn.marks
    assert (mark.minimum, mark.of) == (2, 3)
    arrows = [arrow for arrow in drawn.arrows if (arrow.to_x, arrow.to_y) == (mark.x, mark.y)]
    assert len(arrows) == 2


def test_a_plain_dependency_needs_no_mark() -> None:
    drawn = picture([Fallen("a", "service", 0), Fallen("p", "process", 0, ("a",))])
    assert not drawn.marks
    assert len(drawn.arrows) == 1


def test_above_sixty_boxes_those_of_one_kind_and_layer_go_together_and_processes_last() -> None:
    down = [Fallen("net", "network", 0)]
    down += [Fallen(f"s{n:03}", "service", n % 5, ("net",)) for n in range(80)]
    down += [Fallen(f"p{n:03}", "process", 4, (f"s{n:03}",), kept=True) for n in range(40)]
    drawn = picture(down)
    assert len(drawn.boxes) == 1 + 1 + 40
    services = box_of("s007", drawn.boxes)
    assert len(services.members) == 80
    assert drawn.together == 80
    assert list(services.hours) == [0, 4]
    assert len(drawn.arrows) == 1 + 40


def test_when_even_the_processes_are_too_many_they_go_together_too() -> None:
    down = [Fallen("net", "network", 0)]
    down += [Fallen(f"p{n:03}", "process", 0, ("net",), kept=True) for n in range(100)]
    assert [len(box.members) for box in picture(down).boxes] == [1, 100]


def test_a_long_chain_of_many_kinds_still_fits() -> None:
    down = [Fallen("e000", "kind0", 0)]
    down += [Fallen(f"e{n:03}", f"kind{n % 7}", n, (f"e{n - 1:03}",)) for n in range(1, 200)]
    drawn = picture(down)
    assert len(drawn.boxes) <= MOST_BOXES
    assert sum(len(box.members) for box in drawn.boxes) == 200


def test_a_cause_that_is_not_drawn_leaves_no_arrow() -> None:
    drawn = picture([Fallen("p", "process", 0, ("hidden",), minimum=1, of=2)])
    assert not drawn.arrows
    assert not drawn.marks


@st.composite
def falls(draw: st.DrawFn) -> list[Fallen]:
    """Some elements, each taken down by some of those before it."""
    count = draw(st.integers(1, 90))
    found: list[Fallen] = []
    for number in range(count):
        before = [one.code for one in found]
        causes = draw(st.lists(st.sampled_from(before), max_size=3)) if before else []
        kind = draw(st.sampled_from(["process", "service", "site"]))
        found.append(
            Fallen(
                f"e{number}",
                kind,
                draw(st.integers(0, 9)),
                tuple(causes),
                1,
                max(1, len(causes)),
                kind == "process",
            )
        )
    return found


@given(falls(), st.randoms(use_true_random=False))
def test_every_element_is_drawn_once_nothing_overlaps_and_the_order_of_rows_has_no_say(
    down: list[Fallen], random: Random
) -> None:
    drawn = picture(down)
    assert sorted(one.code for box in drawn.boxes for one in box.members) == sorted(
        one.code for one in down
    )
    assert len(drawn.boxes) <= MOST_BOXES
    columns: dict[int, list[int]] = {}
    for box in drawn.boxes:
        columns.setdefault(box.x, []).append(box.y)
    for column in columns.values():
        column.sort()
        steps = [after - before for before, after in pairwise(column)]
        assert all(step >= HEIGHT + GAP_DOWN for step in steps)
    shuffled = list(down)
    random.shuffle(shuffled)
    assert picture(shuffled) == drawn
