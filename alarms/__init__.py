"""Signals become cases, cases reach a human: receivers, hub, escalation, the desk and the resident's page."""
