"""What businesses do, and in what premises: industries of SIC 2007 and uses of the gazetteer.

Codes and their texts are those that Companies House prints. Shares are assumed; the order of size
is that of an English county with market towns and some industry.
"""

from __future__ import annotations

from typing import Final, NamedTuple

NO_PREMISES: Final = "none"


class Use(NamedTuple):
    """A use of premises.

    Attributes
    ----------
    class_code : str
        Of the AddressBase classification.
    described : str
        As in the rating list.
    share : float
        Of all premises.
    rateable_value : int
        The median, pounds a year.
    where : {"centre", "park", "anywhere"}
    inspected : str
        What the food hygiene scheme calls it; empty where not all of them are inspected.
    traders, branches : float
        Shares of tenants that are people who trade, and branches of firms with several.
    """

    class_code: str
    described: str
    share: float
    rateable_value: int
    where: str
    inspected: str
    traders: float
    branches: float


USES: Final = {
    "shop": Use("CR08", "SHOP AND PREMISES", 0.235, 11_000, "centre", "", 0.38, 0.25),
    "salon": Use(
        "CR02", "HAIRDRESSING SALON AND PREMISES", 0.075, 7_500, "centre", "", 0.55, 0.06
    ),
    "restaurant": Use(
        "CR07", "RESTAURANT AND PREMISES", 0.055, 17_000, "centre",
        "Restaurant/Cafe/Canteen", 0.36, 0.14,
    ),
    "takeaway": Use(
        "CR10", "HOT FOOD TAKEAWAY AND PREMISES", 0.040, 8_500, "centre",
        "Takeaway/sandwich shop", 0.50, 0.10,
    ),
    "pub": Use(
        "CR06", "PUBLIC HOUSE AND PREMISES", 0.035, 21_000, "anywhere",
        "Pub/bar/nightclub", 0.35, 0.25,
    ),
    "hotel": Use(
        "CH03", "HOTEL AND PREMISES", 0.008, 45_000, "anywhere",
        "Hotel/bed & breakfast/guest house", 0.25, 0.15,
    ),
    "factory": Use("CI01", "FACTORY AND PREMISES", 0.085, 38_000, "park", "", 0.03, 0.03),
    "workshop": Use("CI03", "WORKSHOP AND PREMISES", 0.150, 12_000, "park", "", 0.28, 0.05),
    "warehouse": Use("CI04", "WAREHOUSE AND PREMISES", 0.100, 26_000, "park", "", 0.05, 0.12),
    "office": Use("CO01", "OFFICES AND PREMISES", 0.145, 12_500, "centre", "", 0.12, 0.12),
    "surgery": Use("CM02", "SURGERY AND PREMISES", 0.018, 30_000, "anywhere", "", 0.50, 0.10),
    "nursery": Use(
        "CE02", "DAY NURSERY AND PREMISES", 0.014, 18_000, "anywhere",
        "Hospitals/Childcare/Caring Premises", 0.15, 0.20,
    ),
    "school": Use(
        "CE03", "SCHOOL AND PREMISES", 0.022, 42_000, "anywhere",
        "School/college/university", 0.0, 0.0,
    ),
    "leisure": Use("CL06", "GYMNASIUM AND PREMISES", 0.018, 24_000, "park", "", 0.15, 0.15),
}  # fmt: skip


class Sector(NamedTuple):
    """An industry.

    Attributes
    ----------
    sic, text : str
        Five digits, and what Companies House prints after them.
    section : str
        Letter of SIC 2007.
    use : str
        Of `USES`, or `NO_PREMISES`.
    weight : float
        Among the businesses of its use.
    people : float
        Mean employees of an employer.
    called : tuple of str
        What such businesses have in their names.
    """

    sic: str
    text: str
    section: str
    use: str
    weight: float
    people: float
    called: tuple[str, ...]


_N = NO_PREMISES
SECTORS: Final = (
    Sector("10710", "Manufacture of bread; manufacture of fresh pastry goods and cakes", "C",
           "factory", 0.6, 22, ("Bakery", "Bakers", "Foods")),
    Sector("22290", "Manufacture of other plastic products", "C", "factory", 1.0, 34,
           ("Plastics", "Mouldings", "Polymers")),
    Sector("25110", "Manufacture of metal structures and parts of structures", "C", "factory", 1.1,
           27, ("Fabrications", "Steel", "Structures")),
    Sector("25620", "Machining", "C", "factory", 1.5, 21,
           ("Engineering", "Precision", "Machining", "Tools")),
    Sector("28990", "Manufacture of other special-purpose machinery n.e.c.", "C", "factory", 0.8,
           38, ("Machinery", "Systems", "Automation")),
    Sector("31090", "Manufacture of other furniture", "C", "factory", 0.5, 16,
           ("Furniture", "Kitchens", "Interiors")),
    Sector("18129", "Printing n.e.c.", "C", "workshop", 0.7, 9, ("Print", "Printers", "Graphics")),
    Sector("16230", "Manufacture of other builders' carpentry and joinery", "C", "workshop", 0.9, 8,
           ("Joinery", "Carpentry", "Woodcraft")),
    Sector("25990", "Manufacture of other fabricated metal products n.e.c.", "C", "workshop", 0.9,
           11, ("Metalwork", "Engineering", "Welding")),
    Sector("45200", "Maintenance and repair of motor vehicles", "G", "workshop", 2.2, 5,
           ("Garage", "Motors", "Autos", "Car Repairs")),
    Sector("43290", "Other construction installation", "F", "workshop", 0.6, 10,
           ("Installations", "Insulation", "Glazing")),
    Sector("46690", "Wholesale of other machinery and equipment", "G", "warehouse", 1.0, 14,
           ("Supplies", "Equipment", "Distribution")),
    Sector("46390", "Non-specialised wholesale of food, beverages and tobacco", "G", "warehouse",
           0.6, 18, ("Wholesale", "Foods", "Produce")),
    Sector("52103", "Operation of warehousing and storage facilities for land transport activities",
           "H", "warehouse", 0.7, 24, ("Storage", "Logistics", "Warehousing")),
    Sector("49410", "Freight transport by road", "H", "warehouse", 1.0, 15,
           ("Haulage", "Transport", "Logistics")),
    Sector("47110",
           "Retail sale in non-specialised stores with food, beverages or tobacco predominating",
           "G", "shop", 1.4, 9, ("Stores", "Convenience Store", "Supermarket", "Mini Market")),
    Sector("47220", "Retail sale of meat and meat products in specialised stores", "G", "shop", 0.3,
           5, ("Butchers", "Family Butchers", "Meats")),
    Sector("47240",
           "Retail sale of bread, cakes, flour confectionery and sugar confectionery in "
           "specialised stores", "G", "shop", 0.3, 6, ("Bakery", "Cakes", "Patisserie")),
    Sector("47710", "Retail sale of clothing in specialised stores", "G", "shop", 1.0, 5,
           ("Fashions", "Boutique", "Menswear", "Clothing")),
    Sector("47789",
           "Other retail sale of new goods in specialised stores (not commercial art galleries "
           "and opticians)", "G", "shop", 1.2, 4, ("Gifts", "Crafts", "Cards", "Flowers")),
    Sector("47730", "Dispensing chemist in specialised stores", "G", "shop", 0.5, 9,
           ("Pharmacy", "Chemist")),
    Sector("47599",
           "Retail of furniture, lighting, and similar (not musical instruments or scores) in "
           "specialised store", "G", "shop", 0.5, 5, ("Furnishings", "Lighting", "Carpets")),
    Sector("95110", "Repair of computers and peripheral equipment", "S", "shop", 0.3, 3,
           ("Computers", "Phone Repairs", "PC Clinic")),
    Sector("96020", "Hairdressing and other beauty treatment", "S", "salon", 1.0, 4,
           ("Hair", "Hairdressing", "Beauty", "Barbers", "Hair & Beauty")),
    Sector("56101", "Licenced restaurants", "I", "restaurant", 1.2, 11,
           ("Restaurant", "Bistro", "Brasserie", "Kitchen", "Tandoori")),
    Sector("56102", "Unlicenced restaurants and cafes", "I", "restaurant", 1.0, 6,
           ("Cafe", "Tea Rooms", "Coffee House", "Coffee Shop")),
    Sector("56103", "Take-away food shops and mobile food stands", "I", "takeaway", 1.0, 5,
           ("Fish Bar", "Pizza", "Kebab House", "Chicken", "Balti", "Sandwich Bar")),
    Sector("56302", "Public houses and bars", "I", "pub", 1.0, 9, ("Inn", "Tavern", "Bar")),
    Sector("55100", "Hotels and similar accommodation", "I", "hotel", 1.0, 26,
           ("Hotel", "Guest House", "Manor Hotel")),
    Sector("69102", "Solicitors", "M", "office", 0.7, 13, ("Solicitors", "Law", "Legal")),
    Sector("69201", "Accounting and auditing activities", "M", "office", 0.9, 8,
           ("Accountants", "Accountancy", "Chartered Accountants")),
    Sector("68310", "Real estate agencies", "L", "office", 0.7, 6,
           ("Estate Agents", "Lettings", "Property Services")),
    Sector("78109", "Other activities of employment placement agencies", "N", "office", 0.5, 16,
           ("Recruitment", "Personnel", "Staffing")),
    Sector("66220", "Activities of insurance agents and brokers", "K", "office", 0.4, 9,
           ("Insurance Services", "Insurance Brokers", "Financial Services")),
    Sector("62020", "Information technology consultancy activities", "J", "office", 0.8, 10,
           ("IT", "Technologies", "Digital", "Computing")),
    Sector("71122", "Engineering related scientific and technical consulting activities", "M",
           "office", 0.6, 12, ("Consulting Engineers", "Design", "Surveys")),
    Sector("81210", "General cleaning of buildings", "N", "office", 0.4, 28,
           ("Cleaning", "Cleaning Services", "Facilities")),
    Sector("86210", "General medical practice activities", "Q", "surgery", 1.0, 18,
           ("Medical Practice", "Surgery", "Medical Centre")),
    Sector("86230", "Dental practice activities", "Q", "surgery", 1.2, 10,
           ("Dental Practice", "Dental Care", "Dental Surgery")),
    Sector("88910", "Child day-care activities", "Q", "nursery", 1.0, 14,
           ("Day Nursery", "Nursery", "Pre-School")),
    Sector("85200", "Primary education", "P", "school", 1.0, 38, ("Primary School",)),
    Sector("93130", "Fitness facilities", "R", "leisure", 1.0, 8, ("Fitness", "Gym", "Leisure")),
    Sector("41202", "Construction of domestic buildings", "F", _N, 1.3, 5,
           ("Builders", "Building", "Homes", "Construction")),
    Sector("43210", "Electrical installation", "F", _N, 0.9, 5,
           ("Electrical", "Electrics", "Electrical Services")),
    Sector("43220", "Plumbing, heat and air-conditioning installation", "F", _N, 0.9, 4,
           ("Plumbing & Heating", "Heating", "Plumbing")),
    Sector("43999", "Other specialised construction activities n.e.c.", "F", _N, 0.9, 5,
           ("Roofing", "Scaffolding", "Groundworks")),
    Sector("62090", "Other information technology service activities", "J", _N, 1.0, 3,
           ("Software", "Data", "Solutions", "Web")),
    Sector("70229", "Management consultancy activities other than financial management", "M", _N,
           1.8, 2, ("Consulting", "Consultancy", "Associates", "Advisory")),
    Sector("68209", "Other letting and operating of own or leased real estate", "L", _N, 1.7, 2,
           ("Properties", "Estates", "Property", "Lettings")),
    Sector("82990", "Other business support service activities n.e.c.", "N", _N, 1.0, 4,
           ("Services", "Support", "Solutions")),
    Sector("49410", "Freight transport by road", "H", _N, 0.8, 3, ("Transport", "Haulage")),
    Sector("53202", "Unlicensed carriers", "H", _N, 0.5, 2, ("Couriers", "Courier Services")),
    Sector("47910", "Retail sale via mail order houses or via Internet", "G", _N, 0.9, 3,
           ("Online", "Direct", "Trading")),
    Sector("01500", "Mixed farming", "A", _N, 0.7, 4, ("Farms", "Farming", "Growers")),
    Sector("81300", "Landscape service activities", "N", _N, 0.6, 4,
           ("Landscapes", "Gardens", "Tree Services")),
    Sector("64209", "Activities of other holding companies n.e.c.", "K", _N, 0.4, 1,
           ("Holdings", "Group")),
    Sector("56210", "Event catering activities", "I", _N, 0.25, 4, ("Catering", "Events")),
    Sector("88990", "Other social work activities without accommodation n.e.c.", "Q", _N, 0.4, 9,
           ("Community Trust", "Support", "Foundation")),
)  # fmt: skip

FOOD_SHOPS: Final = frozenset({"47110", "47220", "47240"})
"""Shops that are inspected as well."""
DORMANT: Final = "99999", "Dormant Company"
