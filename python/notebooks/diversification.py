# %% [markdown]
# # What does it cost to depend less on one supplier?
#
# The least-cost tariffs and subsidies by which the EU brings the share of China in its imports under a cap, sector by
# sector, and whom they cost what.

# %%
import derisk as dr

w = dr.sample()
plan = w.plan("EU", from_="CHN", cap=0.3)
plan

# %% [markdown]
# Whose cost is it? The plan costs all regions together little; by the terms of trade it moves much more between them.

# %%
costs = plan.costs
for item in ("less dependence", "terms of trade", "own loss", "loss of others"):
    print(f"{item}: {costs.value[item]:,.0f} {costs.unit}, {costs.percent[item]:.4f}% of the real income of the EU")

# %% [markdown]
# Subsidies for other suppliers and at home are cheaper than tariffs alone.

# %%
levers = w.plan("EU", from_="CHN", cap=0.3, levers="tariff,others,home")
saved = costs.value["less dependence"] - levers.costs.value["less dependence"]
print(f"saved by support: {saved:,.1f} {costs.unit}")
assert saved > 0

# %% [markdown]
# The whole frontier: the share of China against the cost.

# %%
curve = w.plan("EU", from_="CHN", curve=True)
for row in list(curve)[::6]:
    print(f"share {row['share']:.1%}: {row['cost_value']:,.0f} {curve.unit}")
costs_on_the_way = list(curve.cost_value)
assert costs_on_the_way == sorted(costs_on_the_way)

# %% [markdown]
# And in a game, in which China answers?

# %%
game = w.play(
    {
        "play": "nash",
        "players": [
            {"player": "EU", "tariff": {"on": "CHN", "uniform": True}},
            {"player": "CHN", "tariff": {"on": "EU", "uniform": True}},
        ],
    }
)
print(*game.answer, sep="\n")
for row in game.settings:
    print(f"{row['player']} on {row['with']}: {row['rate']:.1f}%")
