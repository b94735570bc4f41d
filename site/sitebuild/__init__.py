"""What turns content/ into build/site, apart from MkDocs: plain functions that `site/hooks.py` calls."""
