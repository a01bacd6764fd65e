"""An example of each kind of message, for a preview: written to invented people as it
would be to real ones.
"""

from dashboards.examples.registry import EXAMPLES, READERS, gets_it, preview

__all__ = ["EXAMPLES", "READERS", "gets_it", "preview"]
