"""The single view: resident, household and property across the partners."""
