"""How readers know partners and datasets."""

from __future__ import annotations

PARTNERS = {
    "worcestershire_acute": "Hospital",
    "health_and_care_trust": "Health and care trust",
    "county_council": "County council",
    "district_councils": "District councils",
    "housing_association": "Housing association",
    "west_mercia_police": "Police",
    "fire_service": "Fire service",
    "voluntary_sector": "Voluntary sector",
}

DATASETS = {
    "patient_registrations": "Hospital patients",
    "community_care": "Community health",
    "care_services": "Social care and early help",
    "school_census": "Schools",
    "benefit_claims": "Benefits",
    "council_tax_accounts": "Council tax",
    "tenancy_members": "Social housing",
    "travel_passes": "Travel passes",
    "police_contacts": "Police",
    "safe_and_well_visits": "Fire service",
    "support_clients": "Charities",
}
