"""Devices from the shelf to a home and back: which models there are, how each device is, and every step it took."""
