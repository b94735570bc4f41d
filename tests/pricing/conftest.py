"""The catalogue with the test products, as the catalogue's own tests lay it out."""

from tests.publishing.altered import catalogue, compiled

__all__ = ["catalogue", "compiled"]
