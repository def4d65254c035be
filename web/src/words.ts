/* The texts of the page's newer parts, in one place, so that other languages can follow: each is a text, or a function
   of what it names. */

export const words = {
  token: {
    label: "Token",
    use: "Use it",
    where: "It stands in the address that derisk serve printed when it started, after #token=. This browser keeps it.",
  },
  worlds: "World",
  instruments: {
    "tariff-rate-quota": "Tariff-rate quota",
    "export-tax": "Export tax",
    "export-subsidy": "Export subsidy",
    "production-tax": "Tax on production",
    "production-subsidy": "Subsidy on production",
    "use-tax": "Tax on use",
    "use-subsidy": "Subsidy on use",
    "carbon-price": "Carbon price",
    "carbon-border": "Carbon duty at the border",
    productivity: "Productivity",
    labour: "Supply of labour",
    "factor-supply": "Supply of a factor",
    demand: "Demand",
    transfer: "Transfer of income",
  } as Record<string, string>,
  keys: {
    by: "Levied by",
    on: "On goods from",
    in: "In",
    from: "Given by",
    to: "To",
    except: "Except",
    inside: "Also between members of a group",
    domestic: "Also on what they buy at home",
    replace: "Overrides earlier changes of the same flows",
    together: "One limit on the sum of all flows",
    products: "Products: codes of the Harmonized System",
    rate: "Rate",
    change: "Change",
    amount: "Amount, of the base income of those who give",
    quota: "Quota, of the base volume",
    "in-quota": "Tariff within the quota",
    "over-quota": "Tariff beyond the quota",
    rent: "Recipient of the rent",
    "at-most": "Kept at or below",
    "at-least": "Kept at or above",
    specific: "Duty on a unit",
    price: "Price of a unit, or of a tonne of emissions",
    per: "Unit",
    factor: "Factor",
  } as Record<string, string>,
  shelf: {
    heading: "Scenarios",
    name: "Name of the scenario",
    save: "Save",
    saved: "Saved in this browser",
    none: "None is saved in this browser yet.",
    fresh: "New",
    file: "Open a file",
    remove: (name: string) => `Remove ${name}`,
    beside: "Compare with",
    nobody: "the base alone",
    and: (first: string, more: number) => (more > 0 ? `${first}; and ${more} more` : first),
    nothing: "No change",
    unread: (file: string, why: string) => `${file} could not be opened: ${why}`,
    notScenario:
      "it is not a scenario of the page. Included files, tables of tariffs and estimates are for derisk simulate",
    tooLarge: "it has more than 1 MB",
    undo: "Undo",
    redo: "Redo",
    difference: (amount: string) => `difference ${amount}`,
    other: (name: string) => `beside: ${name}`,
  },
  levers: {
    money: (amount: string) => `${amount} a year`,
    more: "Exceptions and more",
    typed: (label: string) => `${label}, as a number`,
    add: "Add a group",
    groups: "Groups of your own",
    name: "Name of the group",
    members: "Members",
  },
  about: {
    model: (settings: string) => (settings ? `Model: ${settings}` : "Model: standard settings"),
    year: (year: number, unit: string) => `data of ${year}, ${unit}`,
    source: (source: string) => `Source: ${source}`,
    command: (command: string) => `Command: ${command}`,
    link: (link: string) => `Link: ${link}`,
    sentence: "Copy the answer as a sentence",
    table: "Copy the first table",
    copied: "Copied",
    refused: "The browser does not let the page copy",
    ties: (measure: string, of: string, to: string) => `Trade of ${of} with ${to}, ${measure}`,
  },
  info: {
    what: (term: string) => `What “${term}” means`,
    dialog: "Explanation",
    more: "In the glossary",
  },
  answer: {
    menu: "About the answer",
    time: (milliseconds: number) => `The picture came ${milliseconds} ms after the last movement of a lever.`,
    none: "Nothing has been solved yet.",
    world: (economies: number, sectors: number, unit: string) =>
      `The world has ${economies} economies and ${sectors} sectors, in ${unit}.`,
    certificate: (residual: string, equation: string) =>
      `Certificate: all equations of the model hold to ${residual} of their size; the worst is ${equation}.`,
  },
  large: {
    plan: "A plan in a world of this size takes a while: Plan it begins the search.",
    draw: "Draws in a world of this size take a while: Draw begins them.",
  },
  start: {
    panel: "Start",
    list: "Questions",
    intro: "What others have asked. Each answer is worked out now, with the data of this world.",
    none: "This world has none of the economies that the stories are about: begin with Ties or Levers.",
    asked: "What is asked",
    happens: "What happens",
    why: "Why",
    sure: "How sure it is",
    omitted: "What it leaves out",
    record: "Certificate, settings and source",
    open: "Open in Levers",
    openPlan: "Open in Plan",
    draw: "Work out the band",
    changes: "The largest changes of trade and output",
    working: "Being worked out…",
    chosen: "worked out when it is chosen",
    year: "a year",
    income: "of real income a year",
  },
  band: {
    of: (draws: number) => `90% of ${draws} draws of the trade elasticities lie in this band.`,
    between: (low: string, high: string) => `90% band: ${low} to ${high}`,
    unsure: "The direction is not sure: the band has gains and losses.",
    about: (draws: number) =>
      `The band holds 90% of ${draws} solutions of the model with other trade elasticities, drawn with a standard ` +
      "error of 20% where the estimate comes without one.",
    draw: "Work out the band",
    working: "working out the band",
  },
  stories: {
    cars: {
      title: "Duties on electric cars from China",
      asked:
        "In 2024 the EU added countervailing duties of up to 35.3% to its tariff on electric cars from China. What " +
        "if they covered all vehicles? This is an upper bound, as the table does not tell electric cars from others.",
    },
    energy: {
      title: "Russian gas stops",
      asked:
        "The EU buys no gas, oil, coal and refined petroleum from Russia any more, from one day to the next. The " +
        "answer is for the first year, while workers stay in their sectors and other suppliers are hard to find.",
    },
    blocs: {
      title: "A trade war of two blocs",
      asked:
        "Trade costs between a western bloc (the EU, the United States, Japan and others) and an eastern one (China " +
        "and Russia) rise by 80%. All others go on trading with both.",
    },
    cap: {
      title: (share: string) => `Critical supplies: at most ${share} from China`,
      asked65:
        "The EU's Critical Raw Materials Act asks that no more than 65% of a material come from one country outside " +
        "the EU. What if this held for each sector's imports from China, at the least cost?",
      asked30:
        "The EU's Critical Raw Materials Act asks that no more than 65% of a material come from one country outside " +
        "the EU. No whole sector depends on China as much; the question here is 30% of the imports of each good, at " +
        "the least cost.",
    },
    italy: {
      title: "Italy leaves the Belt and Road",
      asked:
        "Italy was a member of the Belt and Road Initiative from 2019 to 2023. What does leaving cost if its trade " +
        "with the other members becomes 2% dearer? The 2% are an assumption.",
    },
    chips: {
      title: "Chips withheld from China",
      asked:
        "The United States, the Netherlands and Japan halve their exports of electronics to China. The answer is for " +
        "the first year. A lower bound: the sector holds many goods that are easier to replace than chips.",
    },
  },
};
