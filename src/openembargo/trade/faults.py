"""What keeps a row of a trade table out of sums, and in what words it is told."""

FAULTS = {
    "no_period": "no year or month that can be read",
    "no_code": "no tariff code that can be read",
    "not_hs": "a classification that is not the Harmonized System",
    "wrong_edition": "a code that the stated HS edition does not have",
    "unknown_area": "a reporter or partner that is not known",
    "unknown_flow": "a flow that is neither import nor export",
    "no_value": "no value that can be read",
    "currency_missing": "a value without a currency",
    "other_currency": "a value in another currency than US dollars",
    "negative": "a negative value",
    "two_vintages": "the same reporter, flow and period in two vintages, and none was chosen",
    "other_vintage": "another vintage than the chosen one",
    "breakdown": "a part (second partner, mode of transport, customs procedure) of a total that is there too",
    "part_without_total": "a part (second partner, mode of transport, customs procedure) whose total is not there",
    "duplicate": "the same row once more",
    "conflict": "the same row with another value; neither is counted",
    "aggregate_code": "a coarser code whose finer codes are there too",
    "within_flow": "re-exports and re-imports, which exports and imports hold already",
    "aggregate_partner": "a partner or reporter that is a sum over others (kept for shares)",
    "nes_partner": "a partner not elsewhere specified: no country's trade",
}
"""Reasons for keeping a row out of sums, the first that applies first."""
NOTES = {
    "quantity_without_unit": "a quantity without a unit: the value counts, the quantity does not",
    "edition_not_stated": "no HS edition stated: codes are read as the law prints them",
}
"""What is noted of a row that counts."""
MISSING_MONTHS = "missing_months"
GAPS = {MISSING_MONTHS: "a year of a reporter with monthly data that lacks months: not comparable with whole years"}
