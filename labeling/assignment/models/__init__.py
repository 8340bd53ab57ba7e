"""Comparisons with their exact capacity, and the leases people hold on them."""

from labeling.assignment.models.allocation import Allocation
from labeling.assignment.models.assignments import Assignment, Desk
from labeling.assignment.models.comparisons import ComparedCandidate, Comparison, Lane

__all__ = ["Allocation", "Assignment", "ComparedCandidate", "Comparison", "Desk", "Lane"]
