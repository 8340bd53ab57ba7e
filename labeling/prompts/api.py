"""The REST API of the prompts stage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
