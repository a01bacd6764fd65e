"""What tests of programmes begin with, beside the cast."""

import pytest

from programs.models import Program, Role
from tests import factories


@pytest.fixture
def open_program() -> Program:
    """A programme that anybody may join."""
    program = factories.ProgramFactory(open=True, slug="open", name_en="Open one")
    for role in (Role.MENTOR, Role.MENTEE):
        factories.GuidelineFactory(program=program, role=role)
    factories.ProgramGoalFactory(program=program)
    return program
