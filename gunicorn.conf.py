"""What gunicorn says of itself, in the way that the site logs (``LOG_FORMAT``)."""

import os

from gunicorn.config import Config
from gunicorn.glogging import Logger

from mentoring.logs import Json, Line


class SiteLogger(Logger):
    """As the site logs. Who asked for what is logged only where that is switched on,
    and never with a link of somebody's own.
    """

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        form = Json if os.environ.get("LOG_FORMAT") == "json" else Line
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(form())


logger_class = SiteLogger
