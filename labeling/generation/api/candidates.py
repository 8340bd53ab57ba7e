"""A prompt's candidates over REST."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import Rule
from labeling.campaigns.queries import campaign_of
from labeling.generation import queries
from labeling.generation.api.generators import READ, TAGS
from labeling.generation.api.shapes import CandidateOut
from labeling.shapes import PageQuery, answer_page, page_of, read


class PromptCandidates(APIView):
    """The candidates of one prompt."""

    access: ClassVar[dict[str, Rule]] = {"GET": READ}

    @extend_schema(
        tags=TAGS,
        operation_id="candidates_list",
        summary="List a prompt's candidates",
        parameters=[PageQuery],
        responses=page_of(CandidateOut),
    )
    def get(self, request: Request, campaign_id: int, prompt_id: int) -> Response:
        """Answer one page of candidates with their provenance, oldest first."""
        read(PageQuery, request.query_params)
        found = queries.candidates_of(campaign_of(request), prompt_id)
        return answer_page(request, found, CandidateOut, ordering="id")
