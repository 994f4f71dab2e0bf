"""Visits: planned, rung, answered, met, left. Knows nothing of cases or pictures, and reads grants by their purpose."""
