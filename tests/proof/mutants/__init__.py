"""Tests of the tests: each promise's guard is removed in a copy, and the promise's test must go red."""
