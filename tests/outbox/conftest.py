"""A message whose content a test decides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from outbox.kinds import KINDS, Content, Kind
from outbox.models import Message, new_message_id
from people.models import User


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Kind]:
    """Put another kind in the place of one, so that its templates are there."""

    def replace(key: str = "joined", content: Any = None, **fields: Any) -> Kind:
        found = Kind(
            key,
            f"About {key}",
            content or (lambda _message: Content({"action_path": "/programs/"})),
            **{"tells": False, **fields},
        )
        monkeypatch.setitem(KINDS, key, found)
        return found

    return replace


@pytest.fixture
def letter(kind: Callable[..., Kind], mentee: User) -> Callable[..., Message]:
    """A row that is due, for the mentee if the test does not say for whom."""
    kind()

    def write(**fields: Any) -> Message:
        count = Message.objects.count()
        return Message.objects.create(
            **{
                "kind": "joined",
                "to": mentee,
                "occasion": f"time {count}",
                "not_before": timezone.now() - timedelta(seconds=1),
                "message_id": new_message_id(),
                **fields,
            }
        )

    return write
