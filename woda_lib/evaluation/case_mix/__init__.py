"""Who was treated differs between groups and months: parts of the adjusted comparisons."""
