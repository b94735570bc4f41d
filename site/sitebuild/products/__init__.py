"""A product on its pages: clause by clause, beside others, from version to version, and its estimate."""
