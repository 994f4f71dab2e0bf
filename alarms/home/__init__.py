"""The resident's page: what has become of the alarm."""
