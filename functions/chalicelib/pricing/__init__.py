"""What it costs, who pays which part, and who may join."""
