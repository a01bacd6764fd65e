"""The assistant leads through pages that exist."""

from programs.setup import STEPS


def test_every_step_of_setting_up_has_its_page(program):
    assert [step.key for step in STEPS if step.url(program) is None] == []
