"""Pages of surveys: answering, making, asking, reading what came of it."""
