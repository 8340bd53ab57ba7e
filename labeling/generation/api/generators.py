"""Models and generators over REST."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from labeling.access import MANAGERS, Rule, Scope
from labeling.accounts.queries import user_of
from labeling.campaigns.queries import campaign_of
from labeling.generation import queries
from labeling.generation.api.shapes import GeneratorIn, GeneratorOut, ModelOut
from labeling.generation.queries import offers
from labeling.generation.services.generators import Draft, add_generator
from labeling.shapes import PageQuery, answer_page, page_of, read

TAGS = ["generation"]
READ = MANAGERS.with_scope(Scope.GENERATION_READ)
WRITE = MANAGERS.with_scope(Scope.GENERATION_WRITE)


class Models(APIView):
    """The models that generators may name here."""

    access: ClassVar[dict[str, Rule]] = {"GET": READ}

    @extend_schema(
        tags=TAGS,
        operation_id="models_list",
        summary="List the models",
        responses=ModelOut(many=True),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer local models and endpoints; a key is never shown."""
        return Response(ModelOut([*offers.available_models(campaign_of(request))], many=True).data)


class Generators(APIView):
    """The generators of a campaign."""

    access: ClassVar[dict[str, Rule]] = {"GET": READ, "POST": WRITE}

    @extend_schema(
        tags=TAGS,
        operation_id="generators_list",
        summary="List generators",
        parameters=[PageQuery],
        responses=page_of(GeneratorOut),
    )
    def get(self, request: Request, campaign_id: int) -> Response:
        """Answer one page of generators, newest first."""
        read(PageQuery, request.query_params)
        return answer_page(request, queries.generators_of(campaign_of(request)), GeneratorOut)

    @extend_schema(
        tags=TAGS,
        operation_id="generators_create",
        summary="Add a generator",
        request=GeneratorIn,
        responses={201: GeneratorOut},
    )
    def post(self, request: Request, campaign_id: int) -> Response:
        """Store a generator."""
        generator = add_generator(
            campaign=campaign_of(request),
            user=user_of(request),
            draft=Draft(**read(GeneratorIn, request.data)),
        )
        return Response(GeneratorOut(generator).data, status=201)
