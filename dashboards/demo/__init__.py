"""A believable Dutch company, the same each time, with dates that count from today."""

from dashboards.demo.whole import make_demo

__all__ = ["make_demo"]
