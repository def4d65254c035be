/* How the page asks: a server, by HTTP. The page without a server is built with local/transport.ts in place of this. */
export const send = (path: string, options: RequestInit): Promise<Response> => fetch(`api/v1/${path}`, options);
