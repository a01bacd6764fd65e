"""Forms of a mentorship, by subject."""
