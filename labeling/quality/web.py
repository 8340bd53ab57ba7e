"""The pages of the quality stage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
