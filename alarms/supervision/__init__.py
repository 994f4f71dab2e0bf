"""Devices watched for silence: late, lost, and many at once as one incident."""
