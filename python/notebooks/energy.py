# %% [markdown]
# # What would it have cost the EU to do without Russian energy?
#
# An embargo on mining products and refined petroleum, in the short run and after years; and what happens day by day
# while nothing can be replaced.

# %%
import derisk as dr

w = dr.sample()
embargo = ("EU", "RUS", ["mining", "refined-petroleum"])
runs = {horizon: w.simulate(bans=embargo, horizon=horizon) for horizon in ("short", "medium", "long")}
for horizon, run in runs.items():
    print(horizon, *(f"{name} {run.welfare[name]:+.2f}%" for name in ("EU", "DEU", "RUS")))
assert runs["short"].welfare["EU"] < runs["long"].welfare["EU"] < 0

# %% [markdown]
# Which sectors shrink most in the short run?

# %%
short = runs["short"].sectors
rows = [row for row in short if row["region"] == "DEU"]
for row in sorted(rows, key=lambda row: row["output"])[:5]:
    print(f"{row['sector']}: output {row['output']:+.2f}%")

# %% [markdown]
# Day by day, with inventories and without any substitution (Hallegatte 2014; Inoue & Todo 2019).

# %%
stop = {
    "title": "Energy from Russia to the EU stops",
    "stops": [{"by": "RUS", "to": "EU", "sectors": ["mining", "refined-petroleum"]}],
}
days = w.propagate(stop)
print(*days.answer, sep="\n")
days

# %% [markdown]
# The path of the loss in the EU.

# %%
path = w.propagate(stop, table="path")
eu = [(row["day"], row["value_added"]) for row in path if row["region"] == "EU"]
print(*(f"day {day:.0f}: {change:+.2f}%" for day, change in eu[:: max(1, len(eu) // 8)]), sep="\n")
