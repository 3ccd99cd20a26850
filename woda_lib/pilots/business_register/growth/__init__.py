"""Business demography over the register: births, deaths, survival, sectors, and who grows."""
