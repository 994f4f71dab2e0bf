"""Routes, escalation plans and rotas as principals keep them: stored, read for the alarms' way, shown, tried out."""
