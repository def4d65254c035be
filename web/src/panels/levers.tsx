import type { Download } from "../parts/menu";
export function Levers() { return <div class="panel levers" />; }
export const leversDownloads = (): Download[] => [];
