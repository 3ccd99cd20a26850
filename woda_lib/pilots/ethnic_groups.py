"""The ethnic groups that the pilots' tables tell apart."""

ETHNIC_GROUPS = {
    **dict.fromkeys("ABC", "White"),
    **dict.fromkeys("DEFG", "Mixed"),
    **dict.fromkeys("HJKLR", "Asian"),
    **dict.fromkeys("MNP", "Black"),
    "S": "Other",
}
"""Letters of the NHS data dictionary in the census's five groups, where R, Chinese, is Asian."""
