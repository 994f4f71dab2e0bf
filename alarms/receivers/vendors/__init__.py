"""Vendors' own webhooks: `POST /api/v1/device/webhooks/{vendor}/{integration}`."""
