"""The relay: takes encrypted packets in and forwards them, and can read none of the pictures within."""
