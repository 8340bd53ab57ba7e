"""The page of what a campaign no longer stands by."""

from labeling.clock import database_now
from labeling.quality.services.erasing import erase_prompt
from labeling.quality.services.revoking import lift
from tests.screens.places.outcome import manage, revoke_one, worked
from tests.screens.screen import Place, Visit

REVOCATIONS = Place("revocations", "revocations", "Revocations")


@REVOCATIONS.state("none", "Nothing was ever revoked")
def revocations_none(visit: Visit) -> None:
    campaign, _ = worked("teammate")
    manage(visit, campaign, "revocations/")


@REVOCATIONS.state("erased", "A prompt is erased for good")
def revocations_erased(visit: Visit) -> None:
    campaign, _ = worked("teammate")
    prompt = campaign.prompts.order_by("id")[0]
    erase_prompt(prompt=prompt, by=campaign.created_by, reason="Asked by law.", now=database_now())
    manage(visit, campaign, "revocations/")


@REVOCATIONS.state("some", "One in force, one lifted")
def revocations_some(visit: Visit) -> None:
    campaign, people = worked("teammate")
    revoke_one(campaign, annotator=people[0])
    lifted = revoke_one(campaign, prompt=campaign.prompts.order_by("id")[0])
    lift(revocation=lifted, by=campaign.created_by, now=database_now())
    manage(visit, campaign, "revocations/")
