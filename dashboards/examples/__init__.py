"""An example of each kind of message, for a preview: written to invented people as it
would be to real ones.
"""

from dashboards.examples.registry import EXAMPLES, gets_it, preview, readers

__all__ = ["EXAMPLES", "gets_it", "preview", "readers"]
