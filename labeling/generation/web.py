"""The pages of the generation stage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
