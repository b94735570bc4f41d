"""What the office publishes, as data: products and terms, campaigns, places, consent texts. Nouns only."""
