"""What makes an example: invented people, and a message to one of them."""

from collections.abc import Callable

from dashboards.invented import World
from outbox.models import Message

Example = Callable[[World], Message]
