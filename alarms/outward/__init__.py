"""What leaves the platform for a principal's other systems: events by signed webhook, and for those who fetch them."""
