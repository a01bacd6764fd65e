"""Pages of a programme: setting it up, running it, taking part."""
