"""The forms of the generation pages; the services judge the values, these say what is asked."""

from labeling.generation.forms.generators import GENERATOR_NAMES, GeneratorForm
from labeling.generation.forms.revisions import REVISION_NAMES, ConstitutionForm, RevisionForm
from labeling.generation.forms.runs import RUN_NAMES, CeilingForm, RunForm
from labeling.generation.forms.servers import KeyForm, ServerForm

__all__ = [
    "GENERATOR_NAMES",
    "REVISION_NAMES",
    "RUN_NAMES",
    "CeilingForm",
    "ConstitutionForm",
    "GeneratorForm",
    "KeyForm",
    "RevisionForm",
    "RunForm",
    "ServerForm",
]
