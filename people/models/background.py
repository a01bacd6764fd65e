"""What somebody says of their background, if they want to. Matching never reads it."""

import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from mentoring.sealing import seal, unseal
from mentoring.words import pick
from people.models.users import User


class BackgroundQuestion(models.Model):
    """One question that this organisation asks; nobody has to answer."""

    key = models.SlugField(max_length=30, unique=True)
    text_nl = models.CharField(_("question, in Dutch"), max_length=200)
    text_en = models.CharField(_("question, in English"), max_length=200)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return pick(self.text_nl, self.text_en)


class BackgroundChoice(models.Model):
    """One answer to choose."""

    question = models.ForeignKey(
        BackgroundQuestion, models.CASCADE, related_name="choices"
    )
    place = models.PositiveSmallIntegerField(default=0)
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return pick(self.name_nl, self.name_en)


class Background(models.Model):
    """What one person chose, sealed. Only counts of five and more come out of it."""

    user = models.OneToOneField(
        User, models.CASCADE, primary_key=True, related_name="background"
    )
    sealed = models.BinaryField()

    @property
    def _bound_to(self) -> str:
        return f"background:{self.user_id}"

    def write(self, chosen: dict[int, int]) -> None:
        """Seal the choices by question into this row; save it afterwards."""
        text = json.dumps(list(chosen.items())).ljust(400)
        self.sealed = seal(text, bound_to=self._bound_to)

    def read(self) -> dict[int, int]:
        """The choice by question."""
        return dict(json.loads(unseal(bytes(self.sealed), bound_to=self._bound_to)))
