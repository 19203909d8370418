"""What drivers over single files share: opened safely, rewritten beside, swapped in at once, old copies named."""
