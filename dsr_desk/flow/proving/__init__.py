"""What stands behind evidence: bundles as files, checkpoints outside, the trail that they are of."""
