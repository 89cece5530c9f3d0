"""Answers that are worked out once, whoever asks."""

import threading

import pytest

from continuity.chain.keeping import Answers


def test_a_question_is_worked_out_once() -> None:
    answers, made = Answers(), list[str]()

    def make() -> str:
        made.append("made")
        return "answer"

    assert [answers.once("question", make), answers.once("question", make)] == ["answer"] * 2
    assert made == ["made"]


def test_that_nothing_was_found_is_an_answer_too() -> None:
    answers = Answers()
    assert answers.once("question", lambda: None) is None
    assert answers.once("question", lambda: "something") is None


def test_what_went_wrong_is_tried_again() -> None:
    answers = Answers()
    with pytest.raises(ZeroDivisionError):
        answers.once("question", lambda: 1 // 0)
    assert answers.once("question", lambda: "answer") == "answer"


def test_the_answer_that_was_asked_for_longest_ago_is_let_go() -> None:
    answers = Answers(most=2)
    answers.once("first", lambda: 1)
    answers.once("second", lambda: 2)
    answers.once("first", lambda: 10)
    answers.once("third", lambda: 3)

    assert answers.once("first", lambda: 10) == 1
    assert answers.once("second", lambda: 20) == 20


def test_who_asks_something_else_does_not_wait() -> None:
    answers, begun, go_on = Answers(), threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert go_on.wait(10)
        return "slow"

    slowly = threading.Thread(target=lambda: answers.once("slow", slow))
    slowly.start()
    assert begun.wait(10)

    told = list[str]()
    other = threading.Thread(target=lambda: told.append(answers.once("other", lambda: "quick")))
    other.start()
    other.join(5)
    assert told == ["quick"]

    go_on.set()
    slowly.join(10)
    assert answers.once("slow", lambda: "made again") == "slow"


def test_who_asks_the_same_waits_for_the_one_answer() -> None:
    answers, begun, go_on = Answers(), threading.Event(), threading.Event()
    made, told = list[str](), list[str]()

    def slow() -> str:
        made.append("made")
        begun.set()
        assert go_on.wait(10)
        return "answer"

    asking = [
        threading.Thread(target=lambda: told.append(answers.once("question", slow)))
        for _ in range(3)
    ]
    asking[0].start()
    assert begun.wait(10)
    for one in asking[1:]:
        one.start()
    go_on.set()
    for one in asking:
        one.join(10)

    assert (made, told) == (["made"], ["answer"] * 3)
