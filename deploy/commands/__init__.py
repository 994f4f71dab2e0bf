"""The `nattljus` commands, a module each."""
