"""Predicting for households: features of a day, training, assessment, and the rule against use."""
