"""Which estimate is believed, and why."""

from __future__ import annotations

from dataclasses import replace

from hub.core.waiting.agreeing import Agreement
from hub.core.waiting.choosing import Because, Method, choose
from hub.core.waiting.facts import Counted, Sold
from hub.core.waiting.following import advanced
from hub.core.waiting.queue import begun
from hub.core.waiting.services import Services
from tests.hub.core.waiting.lines import LINE, NAME, POINTS, START, open_queue, rush, told

SERVICES = Services()
NOW = START + 1_000


def test_the_length_of_the_line_where_everything_agrees() -> None:
    choice = choose(told(open_queue(4, 12), rush(NOW, 600)), SERVICES)
    assert (choice.method, choice.because) == (Method.QUEUE_LENGTH, Because.AGREES)


def test_nothing_where_nobody_serves() -> None:
    closed = begun(LINE, START)
    assert choose(closed, SERVICES).method is Method.NONE
    assert choose(closed, SERVICES).because is Because.NOBODY_SERVES


def test_the_head_of_the_line_where_the_counter_fell_silent_until_those_it_saw_are_gone() -> None:
    queue = told(open_queue(4, 12), rush(NOW, 600))
    sales = [fact for fact in rush(queue.at, 900) if isinstance(fact, Sold)]
    soon = told(queue, sales[:4])
    assert choose(soon, SERVICES).method is Method.HEAD_OF_LINE
    assert choose(soon, SERVICES).because is Because.COUNTER_SILENT
    assert choose(told(soon, sales[4:]), SERVICES).method is Method.SALES


def test_a_counter_that_repeats_itself_is_left_within_five_minutes() -> None:
    queue = told(open_queue(4, 12), rush(NOW, 600))
    began = queue.at
    stuck = [
        fact._replace(number=9) if isinstance(fact, Counted) else fact for fact in rush(began, 300)
    ]
    queue = told(queue, stuck)
    assert queue.at - began <= 300_000
    assert choose(queue, SERVICES).because is Because.COUNTER_STUCK
    assert choose(queue, SERVICES).method is not Method.QUEUE_LENGTH


def test_delays_where_the_length_of_the_line_was_wrong_again_and_again() -> None:
    queue = told(open_queue(4, 12), rush(NOW, 600))
    wrong = replace(queue, agreement=Agreement(3.0, 9.0, 40))
    assert choose(wrong, SERVICES).method is Method.HEAD_OF_LINE
    assert choose(wrong, SERVICES).because is Because.DISAGREES
    nobody = replace(wrong, waiting=())
    assert choose(nobody, SERVICES).method is Method.LAST_TO_ENTER
    later = advanced(nobody, queue.at + 300_000, SERVICES)
    assert choose(later, SERVICES).method is not Method.LAST_TO_ENTER


def test_a_store_without_a_counter_rests_on_sales() -> None:
    queue = told(begun(LINE, START), [Sold(START + n, point) for n, point in enumerate(POINTS)])
    choice = choose(queue, SERVICES)
    assert (choice.method, choice.because) == (Method.SALES, Because.NO_COUNTER)
    assert choose(told(queue, [Counted(NOW, NAME, 2)]), SERVICES).method is Method.QUEUE_LENGTH
