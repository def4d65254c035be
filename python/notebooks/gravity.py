# %% [markdown]
# # How much do borders and the single market matter for trade?
#
# Gravity equations on trade flows of 31 economies from 2011 to 2022 in a data frame, and what incomes would be without
# the estimated effect of the single market, in general equilibrium.

# %%
import pathlib
import tempfile

import polars as pl

import derisk as dr

trade = dr.sample("trade")
with tempfile.TemporaryDirectory() as folder:
    flows = pl.read_parquet(trade.export("flow", output=pathlib.Path(folder) / "flow.parquet"))
pairs = (
    flows.group_by("exporter", "importer", "year").agg(trade=pl.col("value").sum()).sort("year", "exporter", "importer")
)
pairs = pairs.with_columns(border=(pl.col("exporter") != pl.col("importer")).cast(pl.Int8))
pairs

# %% [markdown]
# The border, by Poisson pseudo-maximum likelihood, in the first and the last year: how much less economies sell abroad
# than at home, given their sizes.

# %%
for year in (2011, 2022):
    border = dr.gravity("trade ~ border | exporter + importer", pairs.filter(pl.col("year") == year))
    low, high = border.low["border"], border.high["border"]
    print(f"{year}: {border.coefficient['border']:.2f} ({low:.2f} to {high:.2f})")

# %% [markdown]
# Membership of the EU, whose years derisk knows, beside the border; standard errors clustered by pair.

# %%
both = dr.gravity("trade ~ both(EU) + border | exporter^year + importer^year", pairs, cluster="pair", world=trade)
print(*both.answer, sep="\n")
both

# %% [markdown]
# The general equilibrium of structural gravity without that effect (Anderson, Larch & Yotov 2018): real GDP, percent.

# %%
without = dr.gravity(
    "trade ~ both(EU) + border | exporter + importer",
    pairs.filter(pl.col("year") == 2022),
    world=trade,
    without="both(EU)",
    sigma=5,
)
for row in sorted(without, key=lambda row: row["real_gdp"])[:6]:
    print(f"{row['region']}: {row['real_gdp']:+.2f}%")
assert without.real_gdp["DEU"] < 0 < without.real_gdp["CHN"] + 1
