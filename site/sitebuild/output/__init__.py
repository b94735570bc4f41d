"""Files beside the pages, for readers who are no browser, and the checks that end a build."""
