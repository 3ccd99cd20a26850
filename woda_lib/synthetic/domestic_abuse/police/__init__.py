"""What police make of incidents: entries, records of persons, and files."""

from woda_lib.synthetic.domestic_abuse.police.records import POLICE, PoliceRecords, draw_police

__all__ = ["POLICE", "PoliceRecords", "draw_police"]
