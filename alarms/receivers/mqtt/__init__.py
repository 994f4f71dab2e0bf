"""Devices and locks that speak MQTT: our own topics, and a Nuki lock's as it publishes them."""
