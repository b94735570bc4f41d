"""The fixtures of altered content (tests/publishing/altered.py)."""

from tests.publishing.altered import catalogue, compiled, content, edit

__all__ = ["catalogue", "compiled", "content", "edit"]
