"""A choice among rows of a campaign."""

from typing import TYPE_CHECKING, Any

from django import forms

from labeling.generation.models import Constitution, GenerationRun
from labeling.wording import gettext

# Django's field takes no parameter when it runs, its types want one.
if TYPE_CHECKING:
    Chooses = forms.ModelChoiceField[Any]
else:
    Chooses = forms.ModelChoiceField


class OneOf(Chooses):
    """A choice among rows of the campaign, each in words."""

    def label_from_instance(self, obj: Any) -> str:
        """Name a run with its generators, anything else by itself."""
        if isinstance(obj, GenerationRun):
            named = {"number": obj.pk, "generator": obj.generator_names}
            return gettext("Run %(number)s: %(generator)s") % named
        if isinstance(obj, Constitution):
            named = {"name": obj.name, "version": obj.version}
            return gettext("%(name)s, version %(version)s") % named
        return str(obj)
