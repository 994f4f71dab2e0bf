"""What the relay decides, over bytes and numbers alone: no socket, no clock, no task."""
