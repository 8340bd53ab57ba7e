"""Fill one side of the world, from its people to its exports."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from exports.services.links import link_files
from labeling.access import Scope
from labeling.accounts.enums import LinkPurpose
from labeling.accounts.models import User
from labeling.accounts.services.links import give_link
from labeling.accounts.services.tokens import LONGEST_LIFE, make_token
from labeling.assignment.enums import AssignmentState
from labeling.assignment.models import Assignment
from labeling.assignment.services.planning import plan_comparisons
from labeling.campaigns.enums import Role
from labeling.campaigns.queries import current_round
from labeling.campaigns.services import (
    add_member,
    create_campaign,
    describe_member,
    edit_round,
    publish_guideline,
    set_state,
)
from labeling.clock import database_now
from labeling.generation.services.adoption import adopt_responses
from labeling.prompts.enums import FileFormat, PromptSetState
from labeling.prompts.models import Prompt, PromptSet, ReadyResponses, RefusedRow
from labeling.ranking.models import Judgment
from labeling.ranking.services.answering import skip_comparison
from labeling.ranking.services.rendering import render_ahead
from tests.security.canaries import MANAGERS, MEMBERS, NOBODY, REVIEWERS, Canaries
from tests.security.exporting import FILES, export, revocation
from tests.security.generating import ai_judge, generate
from tests.security.sides import Side
from tests.security.training import ITEMS, train
from tests.stock import claim, judge


class Builder:
    """Fill one side, from its people to its exports."""

    def __init__(self, canaries: Canaries, letter: str, people: tuple[str, ...]) -> None:
        self.canaries, self.letter, self.names = canaries, letter, people
        self.now = database_now()

    def plant(self, place: str, roles: frozenset[str], person: str = "") -> str:
        return self.canaries.plant(self.letter, place, roles, person)

    def build(self) -> Side:
        self.boss = self._person(self.names[0])
        self._found_campaign()
        self._add_people()
        self._import_prompts()
        self.side.shared |= generate(self.side, self.boss, self.plant, self.now)
        plan_comparisons(campaign_id=self.side.campaign.pk)
        render_ahead(campaign_id=self.side.campaign.pk)
        self.side.shared |= ai_judge(self.side, self.boss, self.plant, self.now)
        self.side.shared |= train(self.side, self.boss, self.names[:-1], self.plant)
        self._judge()
        self._export()
        self._give_links_and_tokens()
        return self.side

    def _person(self, name: str) -> User:
        address = f"{self.plant(f'e-mail of {name}', MANAGERS, name)}@annotate.localhost"
        known_as = self.plant(f"name of {name}", REVIEWERS, name)
        user = User.objects.create_user(address, "a long enough passphrase")
        user.display_name = "" if name in {"teammate", "helper"} else known_as
        user.save()
        return user

    def _found_campaign(self) -> None:
        campaign = create_campaign(
            user=self.boss,
            name=self.plant("campaign name", MEMBERS),
            description=self.plant("campaign description", MEMBERS),
            criteria=(self.plant("criterion", MEMBERS),),
            guideline=self.plant("first guide", MEMBERS),
            overlap=4,
            pay=Decimal(1),
            currency="EUR",
        )
        publish_guideline(campaign=campaign, text=self.plant("second guide", MEMBERS), by=self.boss)
        campaign = set_state(campaign=campaign, state="active", by=self.boss)
        checkpoint = self.plant("checkpoint of the round", MANAGERS)
        edit_round(round_=current_round(campaign), by=self.boss, checkpoint=checkpoint)
        self.side = Side(self.letter, campaign, {self.names[0]: self.boss})
        self.side.shared |= {"campaign_id": campaign.pk, "version": 1, "number": 1}

    def _add_people(self) -> None:
        for name in self.names[1:-1]:
            person = self.side.people[name] = self._person(name)
            role = Role.REVIEWER if name == "reviewer" else Role.ANNOTATOR
            member = self._add(person.email, role).membership
        skill = self.plant("skill of a member", MANAGERS)
        describe_member(membership=member, by=self.boss, now=self.now, skills=[skill])
        address = f"{self.plant('e-mail of the invited', MANAGERS)}@annotate.localhost"
        added = self._add(address, Role.ANNOTATOR)
        self.side.people[self.names[-1]] = added.membership.user
        self.side.shared |= {"membership_id": member.pk, "signed": added.link}

    def _add(self, email: str, role: str) -> Any:
        return add_member(
            campaign=self.side.campaign, email=email, role=role, by=self.boss, now=self.now
        )

    def _import_prompts(self) -> None:
        prompt_set = PromptSet.objects.create(
            campaign=self.side.campaign,
            name=self.plant("name of the imported file", MANAGERS),
            format=FileFormat.JSONL,
            sha256=self.plant("hash of the imported file", MANAGERS),
            size=1,
            upload=self.plant("name of the upload on the disk", NOBODY),
            state=PromptSetState.DONE,
            error=self.plant("why an import failed", MANAGERS),
            created_by=self.boss,
        )
        RefusedRow.objects.create(
            prompt_set=prompt_set,
            row=1,
            field=self.plant("field of a refused row", MANAGERS),
            code="wrong_type",
            reason=self.plant("why a row was refused", MANAGERS),
            excerpt=self.plant("text of a refused row", MANAGERS),
        )
        prompts = [self._prompt(prompt_set, row) for row in range(1, 7 + ITEMS)]
        adopt_responses(prompt_set_id=prompt_set.pk, now=self.now)
        self.side.shared |= {"prompt_set_id": prompt_set.pk, "prompt_id": prompts[0].pk}

    def _prompt(self, prompt_set: PromptSet, row: int) -> Prompt:
        prompt = Prompt.objects.create(
            campaign=self.side.campaign,
            prompt_set=prompt_set,
            messages=[{"role": "user", "content": self.plant(f"prompt {row}", MEMBERS)}],
            content_hash=self.plant(f"hash of prompt {row}", REVIEWERS),
            external_id=self.plant(f"external id of prompt {row}", REVIEWERS),
            tags=[self.plant(f"tag of prompt {row}", REVIEWERS)],
            source=self.plant(f"source of prompt {row}", REVIEWERS),
            language="en",
        )
        responses = [
            {
                "text": self.plant(f"response {n} to prompt {row}", MEMBERS),
                "model": self.plant(f"model {n} of prompt {row}", MANAGERS),
                "metadata": {"note": self.plant(f"metadata {n} of prompt {row}", MANAGERS)},
            }
            for n in (1, 2)
        ]
        ReadyResponses.objects.create(
            prompt_set=prompt_set,
            prompt=prompt,
            row=row,
            responses=responses,
            content_hash=f"{self.letter}{row}",
        )
        return prompt

    def _judge(self) -> None:
        for name in self.names[:-1]:
            person = self.side.people[name]
            if name in {"annotator", "worker"}:
                self._skip(person, claim(self.side.campaign, person))
            judgment = judge(
                self.side.campaign,
                person,
                claim(self.side.campaign, person),
                rationale=self.plant(f"rationale of {name}", REVIEWERS, name),
                criteria=dict.fromkeys(self.side.campaign.criteria, "same"),
                flags=("personal_data",),
                client={"page": self.plant(f"what the page of {name} measured", NOBODY)},
            )
            held = claim(self.side.campaign, person)
            self.side.personal[name] |= {
                "assignment_id": held.pk,
                "lease_token": str(held.token),
                "judgment_id": judgment,
                "judged_assignment_id": Judgment.objects.get(pk=judgment).assignment_id,
            }
        # One of which everything can be decided, also for the member that requests name.
        unheld = self.side.campaign.comparisons.exclude(assignments__state=AssignmentState.LIVE)
        free = unheld.exclude(assignments__annotator__memberships=self.side.shared["membership_id"])
        self.side.shared["comparison_id"] = free.order_by("id")[0].pk

    def _skip(self, person: User, assignment: Assignment) -> None:
        skip_comparison(
            campaign=self.side.campaign,
            annotator=person,
            assignment_id=assignment.pk,
            token=assignment.token,
            reason="broken",
            key=uuid4().hex,
            now=self.now,
        )

    def _export(self) -> None:
        made = export(self.side, self.boss, self.plant, self.now)
        (link,) = link_files(export=made, by=self.boss, now=self.now, prefix=FILES[0])
        self.side.shared |= {"export_id": made.pk, "path": FILES[0]}
        self.side.shared["revocation_id"] = revocation(made, self.boss, self.plant, self.now).pk
        self.side.shared["user_id"] = self.side.people[self.names[1]].pk
        self.side.shared |= {"signed_file": link.signed, "name": link.name}

    def _give_links_and_tokens(self) -> None:
        for name in self.names[:-1]:
            person = self.side.people[name]
            token, _ = make_token(
                user=person,
                name=self.plant(f"name of the token of {name}", NOBODY, name),
                scopes=[Scope.CAMPAIGNS_READ],
                expires_at=self.now + LONGEST_LIFE,
                now=self.now,
            )
            type(token).objects.filter(pk=token.pk).update(
                digest=self.plant(f"digest of the token of {name}", NOBODY)
            )
            self.side.personal[name]["token_id"] = token.pk
            give_link(user=person, purpose=LinkPurpose.SIGN_IN, created_by=self.boss, now=self.now)
