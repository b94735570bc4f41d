"""The catalogue with the test products, as the catalogue's own tests lay it out."""

from tests.catalog.conftest import catalogue, compiled

__all__ = ["catalogue", "compiled"]
