"""How long a test waits for what must come: a busy machine may stand still for seconds, and that is no fault."""

PATIENCE = 20.0  # seconds
