"""Where a person is said to be: kept, shown, asked for, and watched by safe zones."""
