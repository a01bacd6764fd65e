"""Pages of the relationship. What is said there is for its members alone."""
