"""Generators, their runs, the candidates they make, and the groups that are compared."""

from labeling.generation.models.candidates import Candidate, CandidateGroup, RevisionStep
from labeling.generation.models.constitutions import MOST_ROUNDS, Constitution
from labeling.generation.models.generators import Generator
from labeling.generation.models.hosts import ModelCall, ModelHost
from labeling.generation.models.runs import GOES_ON, MOST_A_PROMPT, GenerationRun, RunPart
from labeling.generation.models.servers import ModelServer
from labeling.generation.models.work import Work

__all__ = [
    "GOES_ON",
    "MOST_A_PROMPT",
    "MOST_ROUNDS",
    "Candidate",
    "CandidateGroup",
    "Constitution",
    "GenerationRun",
    "Generator",
    "ModelCall",
    "ModelHost",
    "ModelServer",
    "RevisionStep",
    "RunPart",
    "Work",
]
