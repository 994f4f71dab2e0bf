"""Simulated people and things: real clients, over the protocols that strangers' clients would use."""
