"""The catalogue with the test products, as tests/catalog lays it out."""

from tests.catalog.conftest import catalogue, compiled

__all__ = ["catalogue", "compiled"]
