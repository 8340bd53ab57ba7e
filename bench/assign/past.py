"""Give a campaign a past: somebody's many judgments, and a queue whose head is used up."""

from bench.assign.crew import Crew

EARLIER, CONSUMED, AT_ONCE = 20_000, 60_000, 1_000
COUNTED = """tally = tally
    || jsonb_build_object('1,2', coalesce((tally->>'1,2')::int, 0) + {votes})"""
HEAD = """SELECT id FROM assignment_comparison WHERE lane_id = %s AND state = 'open'
    AND open_slots > 0 ORDER BY position LIMIT %s"""
LEASES = f"""INSERT INTO assignment_assignment (comparison_id, annotator_id, desk_id, kind, ordinal,
    token, state, display_order, answers, leased_at, expires_at, ended_at)
    SELECT c.id, d.annotator_id, d.id, 'work', row_number() OVER (ORDER BY c.position) - 1,
        gen_random_uuid(), 'submitted', '[0, 1]', 1, now() - interval '2 days',
        now() - interval '2 days', now() - interval '2 days'
    FROM assignment_comparison c, assignment_desk d
    WHERE c.id IN ({HEAD}) AND d.annotator_id = %s"""
JUDGMENTS = """INSERT INTO ranking_judgment (comparison_id, assignment_id, annotator_id, outcome,
    ranks, criteria, flags, rationale, skip_reason, display_order, counted, active_ms, client,
    created_at)
    SELECT comparison_id, id, annotator_id, 'ranked', '[1, 2]', '{}', '[]', '', '', '[0, 1]', true,
        9000, '{}', ended_at
    FROM assignment_assignment WHERE annotator_id = %s ORDER BY ordinal"""
COUNTS = f"""UPDATE assignment_comparison SET open_slots = open_slots - 1, judged = judged + 1,
    {COUNTED.format(votes=1)}
    WHERE id IN (SELECT comparison_id FROM assignment_assignment WHERE annotator_id = %s)"""
DESK = """UPDATE assignment_desk SET claims = %s, orders = %s, answers = %s,
    places = jsonb_build_object(%s::text, jsonb_build_array((SELECT max(c.position)
        FROM assignment_assignment a JOIN assignment_comparison c ON c.id = a.comparison_id
        WHERE a.annotator_id = %s), 0))
    WHERE annotator_id = %s"""
CONSUME = f"""UPDATE assignment_comparison SET judged = judged + open_slots, open_slots = 0,
    {COUNTED.format(votes="open_slots")} WHERE id IN ({HEAD})"""


def give_past(crew: Crew, person: int) -> None:
    """Give a person judgments of the first comparisons of the queue; they stand behind these."""
    lane = crew.stock["lane"]
    crew.execute(LEASES, lane, EARLIER, person)
    crew.execute(JUDGMENTS, person)
    crew.execute(COUNTS, person)
    crew.execute(DESK, EARLIER, EARLIER, EARLIER, lane, person, person)
    crew.execute("VACUUM ANALYZE")
    crew.execute("CHECKPOINT")


def use_up_head(crew: Crew) -> None:
    """Let the first comparisons of the queue be judged in full, and leave their dead entries."""
    crew.execute("ALTER TABLE assignment_comparison SET (autovacuum_enabled = off)")
    for _ in range(CONSUMED // AT_ONCE):
        crew.execute(CONSUME, crew.stock["lane"], AT_ONCE)
    crew.execute("CHECKPOINT")
