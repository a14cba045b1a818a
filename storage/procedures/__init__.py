"""Procedures as data: stages, clocks, roles and outcomes, each rule with its source."""

from storage.procedures.files import BrokenProcedure, parse, shipped
from storage.procedures.rules import (
    RESPONSE,
    Certainty,
    CountedFrom,
    Leg,
    Limit,
    Outcome,
    Pause,
    Post,
    Procedure,
    Rule,
    StageRole,
    StageRules,
    Start,
    Step,
)

__all__ = [
    "RESPONSE",
    "BrokenProcedure",
    "Certainty",
    "CountedFrom",
    "Leg",
    "Limit",
    "Outcome",
    "Pause",
    "Post",
    "Procedure",
    "Rule",
    "StageRole",
    "StageRules",
    "Start",
    "Step",
    "parse",
    "shipped",
]
