"""Simulated residents and devices, each a real client over real protocols."""
