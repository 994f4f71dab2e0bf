"""What planners and administrators edit and try out: choices, drafts, steps for each kind of alarm, outage contacts."""
