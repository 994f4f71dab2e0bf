"""What may become of a visit: plain functions and frozen shapes, time as an argument."""
