"""One folder per protocol: bytes in, signals out, and the answer in the protocol's own words."""
