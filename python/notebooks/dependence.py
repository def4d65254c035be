# %% [markdown]
# # Which suppliers does the EU depend on, directly and through their own suppliers?
#
# Purchases show what is bought; the inputs behind them come from further away.

# %%
import derisk as dr

w = dr.sample()
hidden = w.exposure("EU", hidden=True)
hidden

# %% [markdown]
# Suppliers by the share of the output behind the inputs of the EU, and how much of it is not seen in purchases.

# %%
for row in list(hidden)[:6]:
    total, direct = row["total_share_of_upstream_output"], row["direct_share_of_upstream_output"]
    print(f"{row['supplier']}: {total:.2%} of upstream output, {direct:.2%} bought directly")

# %% [markdown]
# By sector, on China alone; and the supply chains that carry it.

# %%
china = w.exposure("EU", to="CHN", hidden=True)
worst = max((row for row in china if row["sector"] != "all"), key=lambda row: row["total_share_of_upstream_output"])
print(
    f"{worst['sector']}: {worst['total_share_of_upstream_output']:.2%}, "
    f"{worst['third_country_share_of_total']:.0%} of it through third countries"
)
for row in w.exposure("EU", to="CHN", routes=5):
    print(f"{row['route']}: {row['share_of_total']:.2%}")
assert worst["sector"] == "electrical-optical"

# %% [markdown]
# What would it cost to lose a supplier? The model is solved with exactly that trade cut off.

# %%
cuts = w.exposure("EU", cut=True, sectors="electrical-optical,mining,textiles-leather", to="CHN,RUS,USA")
for row in list(cuts)[:5]:
    print(f"{row['supplier']} {row['sector']}: EU {-row['loss']:+.3f}%, supplier {-row['supplier_loss']:+.3f}%")

# %% [markdown]
# The partners on a map of the world.

# %%
w.exposure("EU").plot.map()
