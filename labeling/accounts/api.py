"""The REST API of the accounts stage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
