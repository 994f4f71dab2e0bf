"""SCAIP over SIP MESSAGE (alarm-protocols.md §1): frame, sip, transaction, parse, classify, answer, listen."""
