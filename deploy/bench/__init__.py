"""Benchmarks (`nattljus bench …`): what the platform does a second on this machine, beside what others do on it."""
