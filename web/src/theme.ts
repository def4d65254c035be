/* Light or dark: as the system says, unless the reader says otherwise; remembered in this browser, not in links. */
import { effect, signal } from "@preact/signals";
import { keep, kept } from "./store";

type Theme = "system" | "light" | "dark";
const order: Theme[] = ["system", "light", "dark"];
const KEY = "derisk-theme";

export const theme = signal<Theme>(order.find((t) => t === kept(KEY)) ?? "system");

export const nextTheme = (): void => {
  theme.value = order[(order.indexOf(theme.value) + 1) % order.length]!;
};

effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
  keep(KEY, theme.value);
});
