"""Who lives where with which devices, who may do what for whom, who agreed to what, and who looked."""
