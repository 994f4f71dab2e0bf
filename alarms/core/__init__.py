"""Decides, touches nothing: events in, decisions out, time an argument."""
