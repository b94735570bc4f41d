"""Policyholders, their group policies and the seats in them."""
