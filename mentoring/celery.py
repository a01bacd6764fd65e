"""The Celery application. The schedule is in settings: it is code and gets reviewed."""

import os
from typing import Any

from celery import Celery, bootsteps
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")

app = Celery("mentoring")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="notifications")

EVERY_SECONDS = 30.0


class Heart(bootsteps.StartStopStep):
    """A worker says that it lives by itself, whether or not the clock asks, and from
    which queues it takes work.

    So one can tell a worker that is gone from a clock that is, and sees a queue that
    nobody takes from.
    """

    requires = ("celery.worker.components:Timer",)

    def start(self, parent: Any) -> None:
        queues = list(parent.app.amqp.queues.consume_from)
        self.beat(queues)
        self.ticker = parent.timer.call_repeatedly(EVERY_SECONDS, self.beat, (queues,))

    def stop(self, parent: Any) -> None:
        self.ticker.cancel()

    def beat(self, queues: list[str]) -> None:
        from outbox.actions import say_alive, worker_of

        try:
            for queue in queues:
                say_alive(worker_of(queue))
        finally:
            # The children that do the work must not share this connection.
            connections.close_all()


app.steps["worker"].add(Heart)
