"""CloudEvents over HTTP: `POST /api/v1/device/events`."""
