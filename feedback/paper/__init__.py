"""Results on paper, in one language."""

from feedback.paper.pages import as_pdf

__all__ = ["as_pdf"]
