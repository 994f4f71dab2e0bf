"""SIA DC-09 over TCP and UDP (alarm-protocols.md §2): frame, parse, cipher, codes, signal, answer, hear, listen."""
