"""What we tell people about being matched."""
