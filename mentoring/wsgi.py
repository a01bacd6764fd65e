"""What gunicorn serves."""

import gc
import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
django = get_wsgi_application()
CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)


def application(
    environ: dict[str, Any], start_response: Callable[..., Any]
) -> Iterable[bytes]:
    """Forms come in UTF-8, whatever is said with them: Django believes what it is told,
    and some of what Python calls an encoding cannot be read at all.
    """
    environ["CONTENT_TYPE"] = CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    return django(environ, start_response)


# What is loaded stays as long as the server runs: some 190,000 objects, with all pages.
# Python looks through them again and again for what nobody holds any more, finds
# nothing, and keeps somebody waiting for 0.15 s of work. Frozen, it looks only at what
# came after, in 0.05 s. Each process of gunicorn loads this file, however it was begun.
assert get_resolver().url_patterns
gc.collect()
gc.freeze()
