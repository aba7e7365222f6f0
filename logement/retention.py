"""How long the rows of the registers are kept: two years after the last contact, then they are anonymised.

A register declares, in its `retention.py`, what it keeps; Django's own `autodiscover_modules("retention")` finds it.

    retention.keep(
        Kept(
            key="bail_dabord.households",
            label="Ménages du bail d'abord",
            expiring=lambda on: Household.objects.without_contact_since(years_before(on, KEPT_YEARS)),
            anonymise=anonymise_households,
        )
    )

What `anonymise(rows)` does, in the transaction it is called in, for `rows`, a QuerySet of its model:

- erases the random code, and the codes in the histories (`Model.history`) of the same rows;
- turns every day and month into the year, and folds what the figures need into yearly aggregates of the register
  (territory, association, year, the breakdown's value, how many), which its figures add to the rows that remain;
- deletes, or empties for ever, the rows and whatever hangs on them. `expiring` never gives them again;
- moves no figure over whole years: flows, cumuls, stocks on 31 December, means, shares with both their terms;
- gives the number of rows it anonymised.

The same function serves the term and the erasure on request, so there is one code to trust. The ground floor does the
rest: the announcement thirty days before (a page, and an e-mail that names nobody), the day, the journal.
"""
