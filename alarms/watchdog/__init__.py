"""The watchdog: sees each minute that alarms come through and that no open case is without a next step, and tells."""
