"""Tools and shapes, no decisions: every package may lean on this one, and it leans on none."""
