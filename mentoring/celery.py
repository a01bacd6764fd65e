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
    """A worker says that it lives by itself, whether or not the clock asks.

    So one can tell a worker that is gone from a clock that is.
    """

    requires = ("celery.worker.components:Timer",)

    def start(self, parent: Any) -> None:
        self.beat()
        self.ticker = parent.timer.call_repeatedly(EVERY_SECONDS, self.beat)

    def stop(self, parent: Any) -> None:
        self.ticker.cancel()

    def beat(self) -> None:
        from outbox.actions import say_alive

        try:
            say_alive("worker")
        finally:
            # The children that do the work must not share this connection.
            connections.close_all()


app.steps["worker"].add(Heart)
