"""The REST API of the quality stage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
