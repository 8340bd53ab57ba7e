"""What a stream of rows reads: a campaign under a selection, and what its rows need to be told."""

from collections.abc import Sequence
from dataclasses import dataclass

from exports.models import PseudonymKey
from exports.pseudonyms import Pseudonyms
from exports.queries.tokenizers import tokenizer_file
from exports.selection import Selection
from exports.tokens import Tokens
from labeling.assignment.models import Desk
from labeling.campaigns.models import Campaign
from labeling.errors import Invalid
from labeling.quality.models import Revocation
from labeling.quality.queries import in_force, revoked_annotators
from labeling.wording import gettext


@dataclass(frozen=True)
class Scope:
    """A campaign under a selection, without what is revoked.

    ``held_back`` are the desks whose answers do not count, ``revocations`` those in force.
    """

    campaign: Campaign
    selection: Selection
    names: Pseudonyms
    tokens: Tokens
    held_back: frozenset[int]
    revocations: tuple[Revocation, ...]

    @property
    def has_revoked_prompts(self) -> bool:
        """Whether prompts are left out."""
        return any(one.annotator_id is None for one in self.revocations)


def scope_of(campaign: Campaign, selection: Selection) -> Scope:
    """Return what a selection of a campaign takes.

    Raises Invalid for annotators and tokenizers that there are not.
    """
    key = PseudonymKey.objects.filter(campaign=campaign).first()
    names = Pseudonyms(bytes(key.secret) if key else b"")
    return Scope(
        campaign=campaign,
        selection=selection,
        names=names,
        tokens=Tokens(tokenizer_file(selection.tokenizer)),
        held_back=_desks(campaign, names, selection.without) | _revoked_desks(campaign),
        revocations=tuple(in_force(campaign)),
    )


def _revoked_desks(campaign: Campaign) -> frozenset[int]:
    people = revoked_annotators(campaign)
    desks = Desk.objects.filter(campaign=campaign, annotator__in=people)
    return frozenset(desks.values_list("id", flat=True))


def _desks(campaign: Campaign, names: Pseudonyms, wanted: Sequence[str]) -> frozenset[int]:
    """Return the desks with these names; raise Invalid for a name that nobody has."""
    if not wanted:
        return frozenset()
    desks = Desk.objects.filter(campaign=campaign).values_list("id", flat=True)
    known = {names.of(desk_id): desk_id for desk_id in desks}
    if unknown := [name for name in wanted if name not in known]:
        reason = gettext("Nobody here has this name in exports: %(names)s.") % {
            "names": ", ".join(unknown)
        }
        raise Invalid(f"without: {reason}", fields={"without": [reason]})
    return frozenset(known[name] for name in wanted)
