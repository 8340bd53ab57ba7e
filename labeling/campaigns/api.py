"""The REST API of the campaigns stage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
