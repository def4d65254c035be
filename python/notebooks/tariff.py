# %% [markdown]
# # Who pays for a tariff on Chinese vehicles?
#
# The EU raises its tariff on transport equipment from China by 25 percentage points, and China answers in kind. Who
# gains, who loses, through what, how sure is that, and how much does it depend on the horizon?

# %%
import derisk as dr

w = dr.sample()
duty = ("EU", "CHN", "transport-equipment", 0.25)
answer = ("CHN", "EU", "transport-equipment", 0.25)
alone = w.simulate(tariffs=duty, horizon="medium")
alone

# %% [markdown]
# The table of regions has a row for each region and group; its certificate says how far the equations are from holding.

# %%
print(*alone.answer, sep="\n")
print(f"largest residual of all equations: {alone.certificate['worst_residual']:.1e}")

# %% [markdown]
# What is behind it: terms of trade, volumes of trade, and second-order terms, in percent of real income.

# %%
parts = alone.decomposition
for name in ("DEU", "FRA", "CHN", "USA"):
    terms, volumes = parts.terms_of_trade[name], parts.volume_of_trade[name]
    print(f"{name}: {alone.welfare[name]:+.3f}%, of which terms of trade {terms:+.3f} and volumes {volumes:+.3f}")

# %% [markdown]
# With China's answer, and by horizon: in the short run labour stays where it is, and trade reacts little.

# %%
welfare = {}
for horizon in ("short", "medium", "long"):
    both = w.simulate(tariffs=[duty, answer], horizon=horizon)
    welfare[horizon] = {name: both.welfare[name] for name in ("EU", "DEU", "CHN")}
    print(horizon, *(f"{name} {value:+.4f}%" for name, value in welfare[horizon].items()))
assert welfare["short"]["DEU"] < alone.welfare["DEU"], "China's answer takes from Germany what the tariff gave"

# %% [markdown]
# How sure is it? The model is solved again for 100 draws of the trade elasticities, whose standard error is 20%.

# %%
bands = w.simulate(tariffs=duty, horizon="medium", draws=100, elasticity_error=0.2)
for name in ("DEU", "CHN"):
    print(f"{name}: {bands.welfare_p5[name]:+.3f}% to {bands.welfare_p95[name]:+.3f}% in nine of ten draws")

# %% [markdown]
# Which flows move most?

# %%
flows = [row for row in alone.flows if row["exporter"] != row["importer"]]
for row in sorted(flows, key=lambda row: -abs(row["new"] - row["base"]))[:5]:
    print(f"{row['exporter']} to {row['importer']}, {row['sector']}: {row['new'] - row['base']:+,.0f} {alone.unit}")
