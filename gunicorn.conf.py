"""What gunicorn says of itself, in the way that the site logs (``LOG_FORMAT``)."""

import os

from gunicorn.config import Config
from gunicorn.glogging import Logger

from mentoring.logs import Json


class JsonLogger(Logger):
    """One JSON object a line. Who asked for what is not logged at all."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Json())


if os.environ.get("LOG_FORMAT") == "json":
    logger_class = JsonLogger
