"""What the types of `content/` cannot say: rules between fields and between files, each named by its line."""
