"""content/ -> checked data: the pages' front matter, and `data.json` for the functions. Build time only."""
