/* Who plays, with which instruments and aims; or, in games of two sides, what each side does. */
import {
  chosen,
  kind,
  newcomer,
  partners,
  players,
  setPlayer,
  setPlayers,
  TOOLS,
  trial,
  type Aim,
  type Instrument,
  type Player,
  type Tool,
} from "../game";
import { Combo, Economy } from "../parts/combo";
import { Select } from "../parts/controls";
import { SectorsCombo } from "../parts/sectors";
import { nameOf, of, to } from "../state";
import { words } from "../words";

const inPercent = (text: string | undefined): string => text?.replace("%", "") ?? "";

/* A rate in percent, kept as the document has it; empty: as the command line has it. */
function Percent({
  label,
  value,
  none,
  set,
}: {
  label: string;
  value: string | undefined;
  none: string;
  set: (value: string | undefined) => void;
}) {
  return (
    <label class="field percent">
      <span class="label">{label}</span>
      <input
        type="number"
        step="any"
        value={inPercent(value)}
        placeholder={none}
        onChange={(event) => set(event.currentTarget.value === "" ? undefined : `${event.currentTarget.value}%`)}
      />
    </label>
  );
}

/* Without what is not given: the document says only what differs from the default. */
const without = <T extends object>(thing: T): T =>
  Object.fromEntries(Object.entries(thing).filter(([, value]) => value !== undefined)) as T;

interface BoundsProps {
  tool: Tool;
  now: Instrument;
  put: (more: Instrument) => void;
}

function Bounds({ tool, now, put }: BoundsProps) {
  const { least, most } = TOOLS[tool];
  const chosen_ = (codes: string[]): string[] | undefined =>
    codes.length === 0 || codes[0] === "goods" ? undefined : codes;
  return (
    <details class="more">
      <summary>{words.playing.bounds}</summary>
      <SectorsCombo chosen={now.sectors ?? []} choose={(codes) => put({ ...now, sectors: chosen_(codes) })} />
      <div class="row">
        <Percent
          label={words.playing.lower}
          value={now.least}
          none={least}
          set={(value) => put({ ...now, least: value })}
        />
        <Percent
          label={words.playing.upper}
          value={now.most}
          none={most}
          set={(value) => put({ ...now, most: value })}
        />
        <Percent label={words.playing.start} value={now.at} none="0" set={(value) => put({ ...now, at: value })} />
      </div>
    </details>
  );
}

function InstrumentFields({ tool, player, at }: { tool: Tool; player: Player; at: number }) {
  const { whom } = TOOLS[tool];
  const { label, of: preposition, one } = words.playing.tools[tool];
  const now = player[tool];
  const put = (more: Instrument | undefined) => setPlayer(at, without({ ...player, [tool]: more && without(more) }));
  const first = players.value.find((other) => other !== player)?.player ?? to.value;
  return (
    <div class="instrument">
      <label class="check">
        <input
          type="checkbox"
          checked={now !== undefined}
          onChange={() => put(now ? undefined : { ...(whom ? { [whom]: first } : {}), uniform: true })}
        />{" "}
        {label}
      </label>
      {now && (
        <>
          {whom && (
            <Economy label={preposition} value={now[whom] ?? ""} choose={(code) => put({ ...now, [whom]: code })} />
          )}
          <label class="check">
            <input
              type="checkbox"
              checked={now.uniform ?? false}
              onChange={() => put({ ...now, uniform: now.uniform ? undefined : true })}
            />{" "}
            {one}
          </label>
          <Bounds tool={tool} now={now} put={put} />
        </>
      )}
    </div>
  );
}

const aimKind = (aim: Aim | undefined): string =>
  !aim || aim === "welfare" ? "welfare" : "less" in aim ? "less" : "hinder";

function Less({
  aim,
  player,
  put,
}: {
  aim: { less: string; weight: number };
  player: Player;
  put: (aim: Aim) => void;
}) {
  return (
    <>
      <Select label={words.playing.rival} value={aim.less} choose={(less) => put({ ...aim, less })}>
        {players.value
          .filter((other) => other !== player)
          .map((other) => (
            <option key={other.player} value={other.player}>
              {nameOf(other.player)}
            </option>
          ))}
      </Select>
      <label class="field percent">
        <span class="label">{words.playing.weight}</span>
        <input
          type="number"
          min="0.1"
          step="0.1"
          value={aim.weight}
          onChange={(event) => {
            if (event.currentTarget.valueAsNumber > 0) put({ ...aim, weight: event.currentTarget.valueAsNumber });
          }}
        />
      </label>
    </>
  );
}

const LEAST = "20%"; /* of a market that a player would keep, at first */

const Hinder = ({ aim, put }: { aim: { hinder: string; "at-least": string }; put: (aim: Aim) => void }) => (
  <>
    <Economy label={words.playing.importsOf} value={aim.hinder} choose={(hinder) => put({ ...aim, hinder })} />
    <Percent
      label={words.playing.lower}
      value={aim["at-least"]}
      none={inPercent(LEAST)}
      set={(least) => put({ ...aim, "at-least": least ?? LEAST })}
    />
  </>
);

function AimFields({ player, at }: { player: Player; at: number }) {
  const { aim } = player;
  const rival = players.value.find((other) => other !== player)?.player ?? to.value;
  const put = (more: Aim | undefined) => setPlayer(at, without({ ...player, aim: more } as Player));
  const firsts: Record<string, Aim> = {
    less: { less: rival, weight: 0.5 },
    hinder: { hinder: rival, "at-least": LEAST },
  };
  return (
    <div class="row">
      <Select label={words.playing.aim} value={aimKind(aim)} choose={(value) => put(firsts[value])}>
        {Object.entries(words.playing.aims).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      {typeof aim === "object" && "less" in aim && <Less aim={aim} player={player} put={put} />}
      {typeof aim === "object" && "hinder" in aim && <Hinder aim={aim} put={put} />}
    </div>
  );
}

function PlayerCard({ player, at }: { player: Player; at: number }) {
  const remove = () => setPlayers(players.value.filter((_, i) => i !== at));
  return (
    <li class="player" aria-label={words.playing.player(at + 1)}>
      <div class="row between">
        <Economy
          label={words.playing.player(at + 1)}
          value={player.player}
          choose={(code) => setPlayer(at, { ...player, player: code })}
        />
        {players.value.length > 2 && (
          <button type="button" class="plain" aria-label={words.playing.remove(at + 1)} onClick={remove}>
            ×
          </button>
        )}
      </div>
      {(Object.keys(TOOLS) as Tool[]).map((tool) => (
        <InstrumentFields key={tool} tool={tool} player={player} at={at} />
      ))}
      <AimFields player={player} at={at} />
    </li>
  );
}

/* Who leads, or responds. */
const Role = ({ label }: { label: string }) => (
  <Select
    label={label}
    value={String(Math.min(chosen.value, players.value.length - 1))}
    choose={(at) => {
      chosen.value = Number(at);
    }}
  >
    {players.value.map(({ player }, i) => (
      <option key={player} value={i}>
        {nameOf(player)}
      </option>
    ))}
  </Select>
);

export function Players() {
  return (
    <>
      {kind.value === "stackelberg" && <Role label={words.playing.leader} />}
      {kind.value === "best-response" && <Role label={words.playing.responds} />}
      <ol>
        {players.value.map((player, i) => (
          <PlayerCard key={i} player={player} at={i} />
        ))}
      </ol>
      {kind.value !== "stackelberg" && (
        <button type="button" class="plain" onClick={() => setPlayers([...players.value, newcomer()])}>
          {words.playing.add}
        </button>
      )}
    </>
  );
}

/* ---- Two sides ---- */

const put = (more: Partial<typeof trial.value>): void => {
  trial.value = { ...trial.value, ...more };
};

const Coalition = () => (
  <>
    <Combo
      label={words.playing.partners}
      multiple
      chosen={partners.value}
      choose={(codes) => put({ partners: codes })}
    />
    <Percent
      label={words.playing.tariff}
      value={trial.value.tariff}
      none="25"
      set={(value) => put({ tariff: value ?? "25%" })}
    />
  </>
);

const Delay = () => (
  <>
    <label class="field">
      <span class="label">{words.playing.caps}</span>
      <input type="text" value={trial.value.caps} onChange={(event) => put({ caps: event.currentTarget.value })} />
    </label>
    <Percent
      label={words.playing.keep}
      value={trial.value["at-least"]}
      none="18"
      set={(value) => put({ "at-least": value ?? "18%" })}
    />
  </>
);

export function Sides() {
  return (
    <>
      <Economy
        label={kind.value === "coalition" ? words.playing.seeks : words.playing.depends}
        value={of.value}
        choose={(code) => {
          of.value = code;
        }}
      />
      <Economy
        label={words.playing.second[kind.value] ?? ""}
        value={to.value}
        choose={(code) => {
          to.value = code;
        }}
      />
      <SectorsCombo
        chosen={trial.value.sectors}
        choose={(sectors) => put({ sectors: sectors[0] === "goods" ? [] : sectors })}
      />
      {kind.value === "coalition" && <Coalition />}
      {kind.value === "delay" && <Delay />}
    </>
  );
}
