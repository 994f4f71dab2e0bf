"""How soon people are answered, and how it stands now: figures for who staffs the desks and who follows them up."""
