/* What tools/page-static.sh has made, by way of web/alone.js. */
declare module "virtual:solver" {
  export interface Solver {
    ccall(name: string, returns: "string", types: string[], given: (string | null)[]): string | null;
    ccall(name: string, returns: "number", types: string[], given: (string | null)[]): number;
  }
  export default function (options: object): Promise<Solver>;
}

declare module "virtual:solver-bytes" {
  const packed: string; /* gzip, in base 64 */
  export default packed;
}
