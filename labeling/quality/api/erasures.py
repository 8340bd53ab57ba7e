"""Erase a prompt for good, over REST."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import Rule
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.clock import database_now
from labeling.doorbell import ring
from labeling.prompts.queries import prompt_for
from labeling.quality.api.revocations import TAGS, WRITES, RevocationOut
from labeling.quality.queries import erasure_of
from labeling.quality.rules import LONGEST_REASON
from labeling.quality.services.erasing import erase_prompt
from labeling.shapes import Strict, read


class ErasureIn(Strict):
    """Which prompt is erased, and why."""

    prompt = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(
        max_length=LONGEST_REASON, help_text="It is kept, so it must not say what is to go."
    )


class Erasures(APIView):
    """What is erased of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"POST": WRITES}

    @extend_schema(
        summary="Erase a prompt for good",
        description="Its turns, its responses and every word about it are emptied; judgments stay "
        "without their texts. Issued exports with rows that rest on it are withdrawn within a "
        "minute: their files are deleted. **Nothing brings it back.** Erased again, it is answered "
        "with 200.",
        tags=TAGS,
        request=ErasureIn,
        responses={201: RevocationOut, 200: RevocationOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Erase, and have the exports looked through."""
        given = read(ErasureIn, request.data)
        prompt = prompt_for(campaign_of(request), given["prompt"])
        is_new = erase_prompt(
            prompt=prompt, by=user_of(request), reason=given["reason"], now=database_now()
        )
        ring("exports.find_removals")
        ring("quality.sweep")
        return Response(RevocationOut(erasure_of(prompt)).data, status=201 if is_new else 200)
