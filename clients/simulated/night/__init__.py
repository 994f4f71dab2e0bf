"""The scenario `night`: a county's alarm centre for a night, with all that goes wrong in one."""
