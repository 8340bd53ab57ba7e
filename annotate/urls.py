"""Every address of the site, by stage; the one that is asked all day is looked through first."""

from django.contrib import admin
from django.urls import include, path, re_path

from annotate import api, health, reference

API = (
    "labeling.ranking.api",
    "labeling.accounts.api",
    "labeling.campaigns.api",
    "labeling.prompts.api",
    "labeling.generation.api",
    "labeling.assignment.api",
    "labeling.judging.api",
    "labeling.training.api",
    "labeling.quality.api",
    "exports.api",
)
PAGES = (
    "labeling.ranking.web",
    "labeling.accounts.web",
    "labeling.campaigns.web",
    "labeling.prompts.web",
    "labeling.generation.web",
    "labeling.assignment.web",
    "labeling.judging.web",
    "labeling.training.web",
    "labeling.quality.web",
    "exports.web",
)

urlpatterns = [
    path("livez", health.alive, name="livez"),
    path("readyz", health.ready, name="readyz"),
    *(path("api/v1/", include(module)) for module in API),
    path("api/v1/schema/", reference.Schema.as_view(), name="api-schema"),
    path("api/", reference.reference, name="api-reference"),
    re_path(r"^api/.*$", api.NotHere.as_view(), name="api-not-here"),
    path("account/", include("annotate.account_urls")),
    path("operators/", admin.site.urls),
    *(path("", include(module)) for module in PAGES),
]

handler400 = "annotate.failures.bad_request"
handler500 = "annotate.failures.server_error"
