"""All workers together keep a server's limits and a run's ceiling, and leave an ill one alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from labeling.generation.backends.turns import CeilingReached, Ending, Tokens
from labeling.generation.models import GenerationRun, ModelCall, ModelHost
from labeling.generation.services.calls import (
    CLOSED_FIRST,
    MOST_FAULTS,
    SOON,
    Limits,
    SharedTurns,
    begin_call,
    end_call,
)
from tests.generation.conftest import NOW

HOST = "models.example:443"


@pytest.fixture
def run(prompt, request_run):
    return request_run(per_prompt=1)


def begin(run, *, most="0", limits=None, after=0.0):
    return begin_call(
        host=HOST,
        limits=limits or Limits(),
        run_id=run.pk,
        most=Decimal(most),
        seconds=60,
        now=NOW + timedelta(seconds=after),
    )


def end(turn, ending=Ending.ANSWERED, *, cost="0", again_after=None, after=0.0):
    end_call(
        call_id=turn.call_id,
        ending=ending,
        cost=None if cost is None else Decimal(cost),
        again_after=again_after,
        now=NOW + timedelta(seconds=after),
    )


def faults(run, count, after=0.0):
    for _ in range(count):
        end(begin(run, after=after), Ending.FAULT, after=after)


def money(run):
    run.refresh_from_db()
    return run.spent, run.reserved


def test_no_more_calls_are_under_way_than_the_host_takes(run):
    limits = Limits(at_once=2)
    first, second = begin(run, limits=limits), begin(run, limits=limits)

    assert begin(run, limits=limits).wait == SOON
    end(first)
    assert begin(run, limits=limits).call_id not in {None, first.call_id, second.call_id}


def test_call_of_a_worker_that_is_gone_makes_room_when_it_expires(run):
    begin(run, limits=Limits(at_once=1))

    assert begin(run, limits=Limits(at_once=1), after=59).call_id is None
    assert begin(run, limits=Limits(at_once=1), after=60).call_id is not None


def test_no_more_calls_begin_in_any_minute_than_the_host_takes(run):
    limits = Limits(at_once=9, a_minute=3)
    for second in (0, 10, 20):
        end(begin(run, limits=limits, after=second), after=second)

    assert begin(run, limits=limits, after=30).wait == 30
    assert begin(run, limits=limits, after=60).call_id is not None
    assert begin(run, limits=limits, after=61).wait == 9


def test_host_that_asks_to_wait_is_left_alone_so_long_by_everybody(run):
    end(begin(run), Ending.REFUSED, again_after=20.0)

    assert begin(run, after=5).wait == 15
    assert begin(run, after=20).call_id is not None


def test_breaker_opens_after_faults_in_a_row_and_closes_with_one_answer(run):
    faults(run, MOST_FAULTS - 1)
    end(begin(run))
    faults(run, MOST_FAULTS)

    closed = CLOSED_FIRST.total_seconds()
    assert begin(run, after=1).wait == closed - 1
    trial = begin(run, after=closed)
    assert trial.call_id is not None
    assert begin(run, after=closed).wait == SOON
    end(trial, after=closed)
    assert begin(run, after=closed).call_id is not None
    assert ModelHost.objects.get().failures == 0


def test_breaker_opens_for_longer_each_time_the_trial_fails(run):
    faults(run, MOST_FAULTS)
    end(begin(run, after=10), Ending.FAULT, after=10)

    assert begin(run, after=10).wait == 2 * CLOSED_FIRST.total_seconds()


def test_faults_of_calls_begun_before_do_not_keep_it_closed_for_longer(run):
    turns = [begin(run) for _ in range(8)]
    for turn in turns:
        end(turn, Ending.FAULT)

    assert begin(run, after=CLOSED_FIRST.total_seconds()).call_id is not None


def test_refusal_is_no_fault(run):
    for _ in range(MOST_FAULTS + 1):
        end(begin(run), Ending.REFUSED)

    assert begin(run).call_id is not None


def set_ceiling(run, amount):
    GenerationRun.objects.filter(pk=run.pk).update(ceiling=Decimal(amount))


def test_call_holds_what_it_may_cost_and_is_settled_at_what_it_did(run):
    turn = begin(run, most="0.5")
    held = money(run)
    end(turn, cost="0.2")

    assert held == (0, Decimal("0.5"))
    assert money(run) == (Decimal("0.2"), 0)


def test_cost_that_nobody_knows_is_all_that_was_held(run):
    end(begin(run, most="0.5"), Ending.FAULT, cost=None)

    assert money(run) == (Decimal("0.5"), 0)


def test_cost_of_a_worker_that_is_gone_is_all_that_was_held_and_counted_once(run):
    gone = begin(run, most="0.5")
    end(begin(run, after=61), after=61)
    end(gone, cost="0.1", after=62)

    assert money(run) == (Decimal("0.5"), 0)


def test_call_that_might_pass_the_ceiling_is_not_begun(run):
    set_ceiling(run, "1")
    end(begin(run, most="0.7"), cost="0.6")

    with pytest.raises(CeilingReached):
        begin(run, most="0.5")
    assert begin(run, most="0.4").call_id is not None


def test_call_waits_while_others_hold_what_they_may_not_need(run):
    set_ceiling(run, "1")
    turn = begin(run, most="0.7")

    assert begin(run, most="0.7").wait == SOON
    end(turn, cost="0.1")
    assert begin(run, most="0.7").call_id is not None


def test_calls_are_forgotten_when_no_rate_counts_them(run):
    end(begin(run))
    end(begin(run, after=30), after=30)

    begin(run, after=75)

    assert ModelCall.objects.count() == 2


def test_turns_count_tokens_at_the_generators_prices(run, generator):
    generator.price_read, generator.price_written = Decimal(1), Decimal(4)
    turns = SharedTurns(
        host=HOST, limits=Limits(), generator=generator, run_id=run.pk, seconds=60,
        clock=lambda: NOW,
    )  # fmt: skip

    turn = turns.begin(Tokens(read=1_000, written=500))
    held = money(run)
    assert turn.call_id is not None
    turns.end(turn.call_id, Ending.ANSWERED, Tokens(100, 50), None)

    assert held == (0, Decimal("0.003"))
    assert money(run) == (Decimal("0.0003"), 0)


@pytest.mark.postgres
def test_eight_workers_at_once_keep_limit_and_ceiling(transactional_db, prompt, request_run):
    run = request_run(per_prompt=1)
    set_ceiling(run, "10")
    seen, limits = [], Limits(at_once=3)

    def work(number):
        try:
            for _ in range(40):
                turn = begin(run, most="0.3", limits=limits)
                if turn.call_id is None:
                    continue
                seen.append(ModelCall.objects.filter(ended_at=None).count())
                end(turn, cost="0.25")
        except CeilingReached:
            return
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    spent, reserved = money(run)
    assert max(seen) <= 3
    assert reserved == 0
    assert spent == Decimal("0.25") * len(seen) <= 10
