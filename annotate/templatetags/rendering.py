"""Template filter for Markdown written by people and models."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from labeling.ranking.rendered import html_of

register = template.Library()


@register.filter
def rendered(text: str) -> SafeString:
    """Return Markdown as safe HTML: ``<div class="read">{{ guide.text|rendered }}</div>``."""
    return mark_safe(html_of(text))  # noqa: S308 - the renderer's allow-list has cleaned it
