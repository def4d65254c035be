"""One table of questions, each asked through every door: the program, C, Python, R, HTTP and an assistant's tools.

`w` is the sample world, W its file. C: the name of the case in same.c."""

TARIFF = {"tariff": {"by": "EU", "on": "CHN", "sectors": ["transport-equipment"], "rate": 0.25}}
SCENARIO = {"horizon": "medium", "changes": [TARIFF]}
BAN = {"ban": {"by": "EU", "on": "RUS", "sectors": ["mining", "refined-petroleum"]}}
GAME = "data/games/eu-china.yaml"
STOP = "data/shocks/energy-stop.yaml"

CALLS = {
    "balance": {
        "program": "balance W EU CHN --by sector --value-added",
        "python": "w.balance('EU', 'CHN', by='sector', value_added=True)",
        "r": "dr_balance(w, 'EU', 'CHN', by = 'sector', value_added = TRUE)",
        "http": ("balance?of=EU&with=CHN&by=sector&value-added=true", None),
        "assistant": ("balance", {"a": "EU", "b": "CHN", "by": "sector", "value_added": True}),
    },
    "ties": {
        "program": "ties W --sectors electrical-optical --top 40",
        "python": "w.ties(sectors='electrical-optical', top=40)",
        "r": "head(as.data.frame(dr_ties(w, sectors = 'electrical-optical')), 40)",
        "http": ("ties?sectors=electrical-optical", None),
        "assistant": ("ties", {"sectors": "electrical-optical", "top": 40}),
    },
    "exposure": {
        "program": "exposure W EU --to CHN",
        "python": "w.exposure('EU', to='CHN')",
        "r": "dr_exposure(w, 'EU', to = 'CHN')",
        "http": ("exposure?of=EU&to=CHN", None),
        "assistant": ("exposure", {"of": "EU", "to": "CHN"}),
    },
    "hidden": {
        "program": "exposure W EU --to CHN --hidden",
        "python": "w.exposure('EU', to='CHN', hidden=True)",
        "r": "dr_exposure(w, 'EU', to = 'CHN', table = 'hidden')",
        "http": ("exposure?of=EU&to=CHN&table=hidden", None),
        "assistant": ("exposure", {"of": "EU", "to": "CHN", "hidden": True}),
    },
    "position": {
        "program": "position W CHN",
        "python": "w.position('CHN')",
        "r": "dr_position(w, 'CHN')",
        "http": ("position?of=CHN", None),
        "assistant": ("position", {"of": "CHN"}),
    },
    "tariff": {
        "program": "simulate W --tariff EU:CHN:transport-equipment:25% --horizon medium",
        "python": "w.simulate(tariffs=[('EU', 'CHN', 'transport-equipment', 0.25)], horizon='medium')",
        "r": "dr_simulate(w, tariffs = 'EU:CHN:transport-equipment:25%', horizon = 'medium')$regions",
        "http": ("simulate", {"scenario": SCENARIO}),
        "assistant": ("simulate", {"tariffs": ["EU:CHN:transport-equipment:25%"], "horizon": "medium"}),
    },
    "ban": {
        "program": "simulate W --ban EU:RUS:mining,refined-petroleum --table money",
        "python": "w.simulate(bans=('EU', 'RUS', ['mining', 'refined-petroleum'])).money",
        "r": "dr_simulate(w, bans = 'EU:RUS:mining,refined-petroleum')$money",
        "http": ("simulate", {"scenario": {"changes": [BAN]}, "tables": ["money"]}),
        "assistant": ("simulate", {"scenario": {"changes": [BAN]}, "table": "money"}),
    },
    "plan": {
        "program": "plan W EU --from CHN --cap 40%",
        "python": "w.plan('EU', from_='CHN', cap=0.4)",
        "r": "dr_plan(w, 'EU', from = 'CHN', cap = 0.4)$sectors",
        "http": ("plan", {"of": "EU", "from": "CHN", "cap": 0.4, "tables": ["sectors"]}),
        "assistant": ("plan", {"of": "EU", "from_": "CHN", "cap": 0.4}),
    },
    "play": {
        "program": f"play W {GAME}",
        "python": f"w.play('{GAME}')",
        "r": f"dr_play(w, '{GAME}')$outcome",
        "http": ("play", {"game": GAME}),
        "assistant": ("play", {"game": GAME}),
    },
    "propagate": {
        "program": f"propagate W {STOP} --steps 20",
        "python": f"w.propagate('{STOP}', steps=20)",
        "r": f"dr_propagate(w, '{STOP}', steps = 20)",
        "assistant": ("propagate", {"shock": STOP, "steps": 20}),  # there is no such request over HTTP
    },
}
