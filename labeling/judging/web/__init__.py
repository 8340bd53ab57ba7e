"""The pages of the judging stage."""

from django.urls import path

from labeling.judging.web import judgings

AT = "campaigns/<int:campaign_id>/judging/"
ONE = AT + "<int:judging_id>/"
urlpatterns = [
    path(AT, judgings.judgings, name="judgings"),
    path(AT + "start/", judgings.start, name="judging-start"),
    path(ONE, judgings.judging, name="judging"),
    path(ONE + "live/", judgings.live, name="judging-live"),
    path(ONE + "ceiling/", judgings.ceiling, name="judging-ceiling"),
    path(ONE + "stop/", judgings.stop, name="judging-stop"),
    path(ONE + "pause/", judgings.pause, name="judging-pause"),
    path(ONE + "resume/", judgings.resume, name="judging-resume"),
    path(ONE + "retry/", judgings.retry, name="judging-retry"),
]
