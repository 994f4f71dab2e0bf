"""The other side of a SCAIP device or receiver: plays it over the real protocol and says what held and what did not."""
