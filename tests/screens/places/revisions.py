"""The pages of revisions by a constitution, and of model servers."""

from labeling.campaigns.models import Campaign
from labeling.clock import database_now
from labeling.generation.enums import Flaw, Stage
from labeling.generation.models import Candidate, GenerationRun, ModelServer
from labeling.generation.services.chains import keep_steps, open_chains
from labeling.generation.services.claims import claim_candidates, finish_candidates
from labeling.generation.services.constitutions import add_constitution
from labeling.generation.services.opening import Terms
from labeling.generation.services.parts import Wanted
from labeling.generation.services.revisions import request_revisions
from labeling.generation.services.runs import request_candidates
from tests.screens.places.models import generator_of, made, make, run_of
from tests.screens.screen import Place, Visit, manage
from tests.screens.world import found, stocked

REVISIONS = Place("revisions", "revisions", "Revisions by a constitution")
SERVERS = Place("servers", "servers", "Model servers")
PRINCIPLES = (
    "The response tells the person what to do first.",
    "The response gives no advice that could hurt somebody, and says where it is not sure.",
    "The response is no longer than it has to be.",
)
CRITIQUE = (
    "The response begins with what is not urgent: “{start}” comes before anything that the person "
    "can do at once. It does not say how sure it is either."
)


def _revised(campaign: Campaign) -> GenerationRun:
    """Return a run that has revised what another made, two rounds."""
    original = run_of(campaign, *Flaw)
    make(original, 16)
    constitution = add_constitution(
        campaign=campaign, name="House rules", principles=PRINCIPLES, user=campaign.created_by
    )
    run = request_revisions(
        campaign=campaign,
        of=original,
        generator=campaign.generators.get(),
        constitution=constitution,
        rounds=2,
        terms=Terms(seed=7, unchecked=tuple(Flaw)),
        user=campaign.created_by,
        now=database_now(),
    )
    part, now = run.parts.get(), database_now()
    claim = claim_candidates(part_id=part.pk, limit=16, seconds=900, now=now)
    assert claim is not None
    chains = open_chains(part, claim.rows)
    for text in (CRITIQUE, "First things first. {text}", CRITIQUE):
        steps = [(chain, made(_said(chain.candidate.revises, text))) for chain in chains]
        keep_steps(claim=claim.token, made=steps, now=now)
    finish_candidates(
        claim=claim.token,
        outcomes={
            chain.candidate.pk: chain.whole(made(f"At once: {chain.steps[1].text}"))
            for chain in chains
        },
        now=now,
    )
    return run


def _said(original: Candidate | None, text: str) -> str:
    response = original.text if original else ""
    return text.format(start=" ".join(response.split()[:6]), text=response)


@REVISIONS.state("first", "Before the first constitution")
def revisions_first(visit: Visit) -> None:
    campaign, _ = stocked()
    manage(visit, campaign, "generation/revisions/")


@REVISIONS.state("some", "A constitution, and what it takes to revise by it")
def revisions_some(visit: Visit) -> None:
    campaign, _ = stocked()
    _revised(campaign)
    user = campaign.created_by
    add_constitution(campaign=campaign, name="House rules", principles=PRINCIPLES[:2], user=user)
    manage(visit, campaign, "generation/revisions/")


@REVISIONS.state("run", "A run that revises", route="run")
def revisions_run(visit: Visit) -> None:
    campaign, _ = stocked()
    manage(visit, campaign, f"generation/runs/{_revised(campaign).pk}/")


@REVISIONS.state("chain", "How a response came about", route="response")
def revisions_chain(visit: Visit) -> None:
    campaign, _ = stocked()
    revision = _revised(campaign).candidates.order_by("pk")[0]
    manage(visit, campaign, f"generation/responses/{revision.pk}/")


@REVISIONS.state("stages", "One prompt across the stages of a model", route="prompt-responses")
def revisions_stages(visit: Visit) -> None:
    campaign, _ = stocked()
    first = generator_of(campaign)
    for stage in Stage:
        first.pk, first.name, first.stage = None, f"Small model, {stage}", stage
        first.save()
        parts = [Wanted(first, 2)]
        run = request_candidates(
            campaign=campaign, parts=parts, prompt_ids=None, seed=7, unchecked=tuple(Flaw),
            user=campaign.created_by, now=database_now(),
        )  # fmt: skip
        make(run, 8)
    manage(visit, campaign, f"generation/prompts/{campaign.prompts.order_by('pk')[0].pk}/")


@SERVERS.state("first", "Before the first server")
def servers_first(visit: Visit) -> None:
    manage(visit, found(), "generation/servers/")


@SERVERS.state("some", "Servers of a campaign")
def servers_some(visit: Visit) -> None:
    campaign = found()
    for name, limit in (("lab", None), ("hosted", 600)):
        ModelServer.objects.create(
            campaign=campaign,
            name=name,
            base_url=f"https://{name}.models.example/v1",
            sealed_key="sealed" if limit else "",
            a_minute=limit,
            created_by=campaign.created_by,
        )
    manage(visit, campaign, "generation/servers/")
