"""What several tests need: data, checks of gradients, formulas written anew."""
