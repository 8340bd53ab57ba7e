"""The pages of the prompts stage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
