"""Those who use the platform: the pages, and simulated people and devices. They know only the messages."""
