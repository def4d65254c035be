import type { Download } from "../parts/menu";
export function Ties() { return <div class="panel ties" />; }
export const tiesDownloads = (): Download[] => [];
