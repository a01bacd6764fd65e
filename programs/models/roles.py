"""What somebody can be in a programme."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("coordinator")
    MENTOR = "mentor", _("mentor")
    MENTEE = "mentee", _("mentee")
    PEER = "peer", _("peer")
