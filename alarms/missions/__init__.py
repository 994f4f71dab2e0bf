"""Missions: a responder sent to a resident, from the sending to the door and home again."""
