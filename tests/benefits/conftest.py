"""The catalogue with the test products, as tests/publishing lays it out."""

from tests.publishing.altered import catalogue, compiled

__all__ = ["catalogue", "compiled"]
