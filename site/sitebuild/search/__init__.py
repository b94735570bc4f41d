"""Searching in Chinese without a segmenter, by pairs of characters (docs/decisions/0011-search.md)."""

from sitebuild.search.writing import search_files

__all__ = ["search_files"]
