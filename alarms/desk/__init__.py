"""The operator's desk: snapshot, changes, commands."""
