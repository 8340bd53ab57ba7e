"""The REST API of the assignment stage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
