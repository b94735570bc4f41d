"""Printed matter drawn from the same data as the pages: posters, cards, share pictures, flow charts."""
