/* How sound the numbers are: the certificate, the limits of the model, settings, notes and sources. */
import type { Certificate } from "../api";
import { draws, drawn, elasticityError, question, seed, shareError } from "../bands";
import { figuresIn, share, tiny } from "../format";
import { settingOptions, settingsNow } from "../parts/horizon";
import { Caption, ErrorLine } from "../parts/status";
import { scenario } from "../scenario";
import { isOld, solution, trouble } from "../solution";
import { world } from "../state";
import { words } from "../words";

function Sound({ certificate }: { certificate: Certificate | undefined }) {
  if (!certificate) return null;
  const good = certificate.worst_residual <= 1e-8;
  return (
    <>
      <p class="verdict">
        <span class="light">
          <i class={good ? "good" : "bad"} />
        </span>{" "}
        {words.sure.verdict(good, tiny(certificate.worst_residual), certificate.worst_equation)}
      </p>
      <table class="pairs">
        <caption class="unseen">{words.sure.residuals}</caption>
        <tbody>
          {Object.entries(words.sure.parts).flatMap(([key, title]) =>
            typeof certificate[key] === "number"
              ? [
                  <tr key={key}>
                    <th scope="row">{title}</th>
                    <td class="number">{tiny(certificate[key])}</td>
                  </tr>,
                ]
              : [],
          )}
        </tbody>
      </table>
      <p class="soft">{words.sure.anew}</p>
    </>
  );
}

/* Limits of the model. */
function leavesOut(): string[] {
  const settings = scenario.value!;
  const { limits } = words.sure;
  return [
    limits.retaliation,
    settings.horizon === "short" ? limits.later : limits.sudden,
    limits.transition,
    limits.demand,
    settings["rigid-wages"] ? limits.elsewhere : limits.unemployment,
    limits.firms,
    limits.scale,
  ];
}

/* The command with the same bands. */
export const command = (): string =>
  [
    `derisk simulate ${world.value!.title} scenario.yaml`,
    "--draws",
    draws.value,
    "--seed",
    seed.value,
    ...(elasticityError.value > 0 ? ["--elasticity-error", share(elasticityError.value)] : []),
    ...(shareError.value > 0 ? ["--share-error", share(shareError.value)] : []),
    ...settingOptions(settingsNow()),
  ].join(" ");

export function Ground() {
  const table = solution.value?.regions ?? null;
  const noted = drawn.answers(question.value) ? drawn.answer.value!.value.draws.notes : [];
  const notes = [...new Set([...(table?.answer ?? []), ...(table?.notes ?? []), ...noted])];
  const settings = Object.entries(table?.settings ?? {});
  return (
    <section class={isOld.value ? "card ground old" : "card ground"} aria-label={words.sure.ground} tabIndex={0}>
      <ErrorLine message={trouble.value} />
      <Caption title={words.sure.certificate} />
      <Sound certificate={table?.certificate} />
      <Caption title={words.sure.limitsTitle} />
      <ul>
        {leavesOut().map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Caption title={words.sure.settings} />
      <table class="pairs">
        <caption class="unseen">{words.sure.settings}</caption>
        <tbody>
          {settings.map(([key, value]) => (
            <tr key={key}>
              <th scope="row">{key}</th>
              <td>{String(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Caption title={words.sure.notes} />
      <ul>
        {notes.map((note) => (
          <li key={note}>{figuresIn(note)}</li>
        ))}
      </ul>
      <Caption title={words.sure.sources} />
      <ul>
        {world.value!.sources.map((source) => (
          <li key={source.id}>{[source.title, source.publisher, source.licence].filter(Boolean).join("; ")}</li>
        ))}
      </ul>
      <p class="soft">
        <a href="glossary.html">{words.page.glossaryOfAll}</a>; <a href="licences.txt">{words.sure.licences}</a>
      </p>
      <p class="soft">
        {words.sure.command} <code>{command()}</code>
      </p>
    </section>
  );
}
