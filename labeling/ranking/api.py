"""The REST API of the ranking stage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
