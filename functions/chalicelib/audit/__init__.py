"""The hash-chained log of writes and views that every service appends to."""
