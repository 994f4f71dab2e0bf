"""Doors that open from afar: how each lock stands, commands to open, and what came of them."""
