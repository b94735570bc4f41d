"""Where Huzhu runs: resources, packaging, the local stack and the office's command line."""
