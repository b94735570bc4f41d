"""What pages load or inline: scripts, stylesheets, and compressed twins of everything that is text."""
