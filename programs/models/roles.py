"""What somebody can be in a programme."""

from django.db import models

from mentoring.branding import lazy_role_word


class Role(models.TextChoices):
    """Each is called what the organisation calls it."""

    COORDINATOR = "coordinator", lazy_role_word("coordinator")
    MENTOR = "mentor", lazy_role_word("mentor")
    MENTEE = "mentee", lazy_role_word("mentee")
    PEER = "peer", lazy_role_word("peer")
