/* New changes of a scenario, chosen so that no two changes concern the same flow, which would be an error. */
import { plainChange } from "./instruments";
import { sectorsIn } from "./parts/sectors";
import { overlap } from "./pairs";
import { bodyOf, kindOf, type Change, type Kind, type Who } from "./scenario";
import { membersOf, of, others, to, world } from "./state";

const listed = (who: Who | undefined): string[] => (who === undefined ? [] : [who].flat());

const regions = (): string[] => world.value!.regions.map(({ code }) => code);

/* ---- Conflicts ---- */

/* Two changes of one family may not concern the same flow; a ban and any other change may not either. */
const FAMILIES: Record<string, string> = {
  tariff: "tariff",
  "trade-cost": "cost",
  leave: "cost",
  join: "cost",
  "export-curb": "cap",
  quota: "cap",
  ban: "ban",
};

interface Reach {
  ways: { exporters: Set<string>; importers: Set<string> }[];
  sectors: Set<string>;
}

function reachOf(change: Change): Reach {
  const body = bodyOf(change) as Record<string, Who | undefined>;
  const side = (...keys: string[]) => {
    const named = keys.flatMap((key) => listed(body[key]));
    return new Set(named.includes("all") || named.length === 0 ? regions() : named.flatMap(membersOf));
  };
  const way = (exporters: Set<string>, importers: Set<string>) => ({ exporters, importers });
  const both = (a: Set<string>, b: Set<string>) => [way(a, b), way(b, a)];
  const sectors = new Set(sectorsIn(listed(body["sectors"] ?? "all")));
  switch (kindOf(change)) {
    case "leave":
    case "join":
      return { ways: both(side("region"), side("group")), sectors };
    case "export-curb":
      return { ways: [way(side("by"), side("to"))], sectors };
    default:
      return { ways: body["between"] ? both(side("between"), side("and")) : [way(side("on"), side("by"))], sectors };
  }
}

const meet = (a: Set<string>, b: Set<string>): boolean => [...a].some((entry) => b.has(entry));

export function conflict(a: Change, b: Change): boolean {
  const [one, other] = [FAMILIES[kindOf(a)], FAMILIES[kindOf(b)]];
  if (!one || !other) return false; /* of other instruments the server says what they exclude */
  if (one !== other && one !== "ban" && other !== "ban") return false;
  const [x, y] = [reachOf(a), reachOf(b)];
  return (
    meet(x.sectors, y.sectors) &&
    x.ways.some((p) => y.ways.some((q) => meet(p.exporters, q.exporters) && meet(p.importers, q.importers)))
  );
}

/* ---- New changes ---- */

const hasMembers = (code: string): boolean => membersOf(code).length > 0;

const CURBED = "electrical-optical"; /* what a curb is likely to be about */

/* A change of that kind between two sides, in one sector or as it usually is. */
function between(kind: Kind, by: string, on: string, sector: string): Change | null {
  const slugs = world.value!.sectors.map(({ slug }) => slug);
  switch (kind) {
    case "tariff":
      return { tariff: { by, on, sectors: [sector || "all"], rate: "25%" } };
    case "trade-cost":
      return { "trade-cost": { between: by, and: on, sectors: [sector || "all"], times: 1.1 } };
    case "ban":
      return { ban: { by, on, sectors: [sector || slugs[0]!] } };
    case "export-curb":
      return {
        "export-curb": {
          by: on,
          to: by,
          sectors: [sector || (slugs.includes(CURBED) ? CURBED : slugs[0]!)],
          cut: "50%",
        },
      };
    case "quota":
      return {
        quota: {
          by,
          on,
          sectors: [sector || (world.value!.sectors.some((s) => s.kind === "goods") ? "goods" : "all")],
        },
      }; /* its fields know what half of the flow is */
    default:
      return null;
  }
}

function* memberships(kind: "leave" | "join"): Generator<Change> {
  for (const { code, members } of world.value!.groups.filter(
    ({ members: all }) => all.length > (kind === "leave" ? 1 : 0),
  ))
    for (const region of regions())
      if (members.includes(region) === (kind === "leave"))
        yield { [kind]: { region, group: code, "trade-cost": 1.05 } } as unknown as Change;
}

/* Those of a kind, the likeliest first: between those who are looked at, the other way, by single sectors, and with
   others. */
function* ofKind(kind: Kind): Generator<Change> {
  if (kind === "leave" || kind === "join") {
    yield* memberships(kind);
    return;
  }
  const sides = [of.value, to.value, ...others.value.filter(hasMembers), ...regions()];
  const slugs = world.value!.sectors.map(({ slug }) => slug);
  const pairs: [string, string][] = [
    [of.value, to.value],
    [to.value, of.value],
  ];
  for (const sector of ["", ...slugs]) for (const [by, on] of pairs) yield between(kind, by, on, sector)!;
  for (const by of sides) for (const on of sides) if (!overlap(by, on)) yield between(kind, by, on, "")!;
}

const free = (candidates: Iterable<Change>, changes: Change[]): Change | null => {
  for (const candidate of candidates) if (!changes.some((change) => conflict(change, candidate))) return candidate;
  return null;
};

/* A new change of a kind beside others; where every one would conflict, the likeliest, as it was asked for. */
export function freshOf(kind: Kind, beside: Change[]): Change {
  if (!(kind in FAMILIES)) return plainChange(kind, of.value, to.value);
  const [first] = ofKind(kind);
  return free(ofKind(kind), beside) ?? first!;
}

/* What is likely wanted next: a tariff, the other side's answer in kind to the last, a curb; or null where all flows
   have all. */
function* likely(changes: Change[]): Generator<Change> {
  const last = changes.flatMap((change) => ("tariff" in change ? [change.tariff] : [])).at(-1);
  const levies = (by: string): boolean =>
    changes.some((change) => "tariff" in change && listed(change.tariff.by).includes(by));
  if (!levies(of.value)) yield between("tariff", of.value, to.value, "")!;
  if (last && !levies(to.value)) yield { tariff: { ...last, by: to.value, on: of.value } };
  for (const kind of ["export-curb", "tariff", "trade-cost", "quota"] as const) yield* ofKind(kind);
}

export const next = (changes: Change[]): Change | null => free(likely(changes), changes);
