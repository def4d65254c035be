/* How the page without a server asks: the solver, WebAssembly in workers. One worker has short questions, which take
   milliseconds; another, made when it is first needed, has the long ones, so that a slider does not wait for a plan. */
import type { Said, Wanted } from "./worker";
import SolverWorker from "./worker?worker&inline";

interface Waiting {
  said: (said: Said) => void;
  failed: (why: unknown) => void;
}

const LONG = /^(draws|plan|curve|play|check)\b/;

/* A worker answers in turn. Whoever gives up a question that has begun ends the worker with it: a module that computes
   hears nothing. Those that wait behind are then asked anew. */
class Lane {
  private worker: Worker | null = null;
  private readonly waiting: { wanted: Wanted; by: Waiting }[] = [];

  private begin(): void {
    const first = this.waiting[0];
    if (!first) return;
    if (!this.worker) {
      this.worker = new SolverWorker();
      this.worker.onmessage = ({ data }: MessageEvent<Said>) => {
        this.waiting[0]?.by.said(data);
        if (data.kind === "progress") return;
        this.waiting.shift();
        this.begin();
      };
      this.worker.onerror = ({ message }) => {
        this.drop();
        this.waiting.shift()?.by.failed(new Error(message));
        this.begin();
      };
    }
    this.worker.postMessage(first.wanted);
  }

  private drop(): void {
    this.worker?.terminate();
    this.worker = null;
  }

  ask(wanted: Wanted, by: Waiting, signal: AbortSignal | null): void {
    const mine = { wanted, by };
    this.waiting.push(mine);
    signal?.addEventListener("abort", () => {
      const at = this.waiting.indexOf(mine);
      if (at < 0) return;
      this.waiting.splice(at, 1);
      by.failed(signal.reason);
      if (at > 0) return;
      this.drop();
      this.begin();
    });
    if (this.waiting.length === 1) this.begin();
  }
}

const [short, long] = [new Lane(), new Lane()];

/* An answer as a stream of lines, as the server sends it: progress, and the result or the error. */
function streamed(wanted: Wanted, lane: Lane, signal: AbortSignal | null): Response {
  const lines = new ReadableStream<Uint8Array>({
    start(to) {
      const line = (text: string) => {
        to.enqueue(new TextEncoder().encode(`${text}\n`));
      };
      const said = (answer: Said) => {
        if (answer.kind === "progress") {
          line(JSON.stringify({ progress: answer.progress }));
          return;
        }
        const text = answer.text.replaceAll("\n", " ");
        line(answer.status === 200 ? `{"result": ${text}}` : text);
        to.close();
      };
      lane.ask(
        wanted,
        {
          said,
          failed: (why) => {
            to.error(why);
          },
        },
        signal,
      );
    },
  });
  return new Response(lines, { headers: { "Content-Type": "application/x-ndjson" } });
}

export function send(path: string, { method, body, headers, signal = null }: RequestInit): Promise<Response> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  const wanted: Wanted = { path, body: method === "POST" ? String(body) : null };
  const lane = LONG.test(path) ? long : short;
  if (new Headers(headers).get("Accept") === "application/x-ndjson")
    return Promise.resolve(streamed(wanted, lane, signal));
  return new Promise((done, failed) => {
    const said = (answer: Said) => {
      if (answer.kind === "answer")
        done(new Response(answer.text, { status: answer.status, headers: { "Content-Type": "application/json" } }));
    };
    lane.ask(wanted, { said, failed }, signal);
  });
}
