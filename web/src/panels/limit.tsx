/* The limit of an export curb or a quota: a cut of the base volume, or the largest volume, as a part of the base or in
   money. */
import { useEffect } from "preact/hooks";
import { get, type Table } from "../api";
import { useAnswer } from "../answers";
import { money } from "../format";
import { between, pairsOf, type Pairs } from "../pairs";
import { Segments, Slider } from "../parts/controls";
import { moved } from "../solution";
import { membersOf, world, year } from "../state";
import { words } from "../words";
import { list, Percent, type Body } from "./rates";

/* Base trade from sellers to buyers; "all" is all economies, for a group all outside it. */
function baseOf(pairs: Pairs, buyers: string[], sellers: string[]): number {
  const everybody = world.value!.regions.map(({ code }) => code);
  const outside = (by: string) => everybody.filter((code) => !membersOf(by).includes(code));
  const own = sellers.filter((code) => code !== "all");
  const others = own.flatMap(membersOf);
  const into = buyers.includes("all") ? everybody.filter((code) => !others.includes(code)) : buyers;
  let sum = 0;
  for (const by of into)
    for (const on of sellers.includes("all") ? outside(by) : sellers) sum += between(pairs, on, by);
  return sum;
}

type Mode = "cut" | "part" | "value";

const modeOf = ({ cut, at }: Body): Mode => (cut !== undefined ? "cut" : typeof at === "string" ? "part" : "value");

interface Props {
  body: Body;
  replace: (body: Body) => void;
  buyers: string[];
  sellers: string[];
}

/* The base trade of the flow; nothing while it is asked. */
function useBase({ body, buyers, sellers }: Props): number | null {
  const sectors = list(body["sectors"] ?? "all").join(",");
  const ties = useAnswer<Table>((abort) =>
    get("ties", { year: year.value, sectors: sectors === "all" ? undefined : sectors }, abort),
  );
  const found = ties.value.value;
  return found ? baseOf(pairsOf(found.rows, "value"), buyers, sellers) : null;
}

function Value(props: Props) {
  const { body, replace } = props;
  const base = useBase(props);
  useEffect(() => {
    if (body["at"] === undefined && base) replace({ ...body, at: Math.round(base / 2) });
  });
  const at = Number(body["at"] ?? 0);
  const most = Math.max(1, Math.ceil(base ?? 0), at);
  return (
    <>
      <Slider
        label={words.levers.volume(world.value!.unit)}
        value={at}
        min={0}
        max={most}
        step={Math.max(1, Math.round(most / 200))}
        shown={money(at)}
        typed={{ least: 0 }}
        change={(value, when) => {
          moved(when);
          replace({ ...body, at: value });
        }}
      />
      <p class="soft">{base ? words.levers.now(money(base), year.value) : base === 0 ? words.levers.noTrade : ""}</p>
    </>
  );
}

export function Limit(props: Props) {
  const { body, replace } = props;
  const mode = modeOf(body);
  const turn = (wanted: string) => {
    const { cut: _, at: __, ...rest } = body;
    replace(wanted === "cut" ? { ...rest, cut: "50%" } : wanted === "part" ? { ...rest, at: "50%" } : rest);
  };
  const set = (more: Body) => replace({ ...body, ...more });
  return (
    <>
      <Segments
        label={words.levers.limit}
        hidden
        value={mode}
        choose={turn}
        choices={[
          { value: "cut", label: words.levers.limits.cut },
          { value: "part", label: words.levers.limits.part },
          { value: "value", label: words.levers.limits.value },
        ]}
      />
      {mode === "cut" && <Percent label={words.levers.cut} key_="cut" body={body} set={set} most={100} />}
      {mode === "part" && <Percent label={words.levers.part} key_="at" body={body} set={set} />}
      {mode === "value" && <Value {...props} />}
    </>
  );
}
