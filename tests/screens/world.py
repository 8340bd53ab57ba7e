"""What is in the installation that is photographed: its people, and campaigns with real texts."""

import json
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from annotate.demo import CONTENT
from labeling.accounts.models import User
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.enums import Role
from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.generation.services.adoption import adopt_responses
from labeling.prompts.models import PromptSet
from labeling.prompts.services import import_prompt_set, receive_file
from tests.factories import add_person, make_campaign, make_user
from tests.stock import judge, next_for

GUIDE = (CONTENT / "guideline.md").read_text(encoding="utf-8")
DEMO = {
    row["external_id"]: row
    for row in map(json.loads, (CONTENT / "prompts.jsonl").read_text(encoding="utf-8").splitlines())
}
USUAL = ("demo-001", "demo-008", "demo-011", "demo-014")
WARNING = "Insults and threats, some of them aimed at groups of people."
SEED = 4  # of every order that would otherwise be drawn
CLOSE = {
    "prompt": "When did the bridge over the river open, and how long is it?",
    "candidates": [
        {"text": "The bridge opened in 1894 and is 412 metres long. It has not been closed to"
         " carriages since.", "model": "model-a"},
        {"text": "The bridge opened in 1896 and is 421 metres long. It has been closed to"
         " carriages since.", "model": "model-b"},
    ],
}  # fmt: skip
USES = (
    "Make **croutons**: cube it, toss it in olive oil and salt, and bake at 180 °C until golden.",
    "Bread pudding. Soak the slices in milk, eggs and sugar, add raisins, and bake for an hour.",
    "Just throw it away, it is not worth the trouble.",
    "1. Grate it finely.\n2. Dry the crumbs in the oven at 100 °C.\n3. Keep them in a jar.",
    "French toast: dip in egg and milk, fry in butter, and finish with cinnamon.",
    (
        "Panzanella, the Tuscan salad, was invented for it: torn bread, ripe tomatoes, cucumber,"
        " red onion, basil, vinegar and oil. Let it stand until the bread has drunk the juice."
    ),
    "Stale bread is bread that has lost moisture.",
    "Thicken a soup with it: simmer chunks in the broth until they fall apart, then blend.",
    "You could feed the ducks, although many parks ask people not to.",
)
STALE = {"prompt": "What can I do with half a loaf of stale bread?"}


def person(name: str, **fields: Any) -> User:
    """Make a person who is known by what they are here."""
    return make_user(f"{name}@annotate.localhost", **fields)


def found(
    name: str = "Everyday questions", *, manager: User | None = None, **fields: Any
) -> Campaign:
    """Make a campaign, active unless told, in which nothing is drawn anew each time."""
    lead = manager or person("manager")
    campaign = make_campaign(lead, name=name, **{"guideline": GUIDE, **fields})
    campaign.shuffle_seed = SEED
    campaign.save()
    return campaign


def bring(campaign: Campaign, *rows: dict[str, Any] | str) -> PromptSet:
    """Import rows, or demo prompts by their names, and plan comparisons, as the workers would."""
    chosen = [DEMO[row] if isinstance(row, str) else row for row in rows]
    given = upload(campaign, "everyday.jsonl", map(json.dumps, chosen))
    import_prompt_set(prompt_set_id=given.pk, now=database_now())
    adopt_responses(prompt_set_id=given.pk, now=database_now())
    plan_comparisons(campaign_id=campaign.pk)
    given.refresh_from_db()
    return given


def upload(campaign: Campaign, name: str, lines: Iterable[str]) -> PromptSet:
    """Bring a file to the point where it waits for a worker."""
    prompt_set, _ = receive_file(
        campaign=campaign,
        user=campaign.created_by,
        name=name,
        stream=BytesIO("\n".join(lines).encode()),
        now=database_now(),
    )
    return prompt_set


def cards(size: int) -> dict[str, Any]:
    """Return one prompt with so many responses."""
    given = [{"text": text, "model": f"model-{at}"} for at, text in enumerate(USES[:size], 1)]
    return {**STALE, "candidates": given}


def stocked(*rows: dict[str, Any] | str, **fields: Any) -> tuple[Campaign, User]:
    """Make a campaign with comparisons to judge, and somebody who judges in it."""
    campaign = found(**fields)
    bring(campaign, *(rows or USUAL))
    return campaign, member(campaign)


def member(campaign: Campaign, name: str = "annotator", role: str = Role.ANNOTATOR) -> User:
    """Make a person with a role in a campaign."""
    user = person(name)
    add_person(campaign, user, role)
    return user


def judged(campaign: Campaign, people: Sequence[User], most: int, **fields: Any) -> None:
    """Let each person answer up to so many comparisons, not all of them alike."""
    for number, user in enumerate(people):
        for at in range(most):
            assignment = next_for(campaign, user)
            if assignment is None:
                return
            judge(
                campaign,
                user,
                assignment,
                ranks=_order(len(assignment.display_order), (at + number) % 3 == 0),
                active_ms=21_000 + 4_000 * at + 7_000 * number,
                **fields,
            )


def _order(size: int, backwards: bool) -> tuple[int, ...]:
    return tuple(range(size, 0, -1) if backwards else range(1, size + 1))
