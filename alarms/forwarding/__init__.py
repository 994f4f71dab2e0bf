"""Alarms sent on to external alarm centres: the reserve of a principal, with us as the SCAIP sender."""
