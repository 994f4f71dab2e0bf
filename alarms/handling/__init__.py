"""What an operator does with a case: steps, calls, naming, handing over, 112; and the notes beside cases."""
