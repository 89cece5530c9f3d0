"""The demonstration: an organisation of ten control rooms with eight quarters of history.

Made in the spirit of public facts (the ten control rooms and their four disciplines, C2000,
P2000, GMS, 112 telephony, the NAFIN outage of 27 August 2024, real end-of-support dates from
endoflife.date); people, incidents, changes, risks and money are made up.
"""
