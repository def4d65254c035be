/* What this browser keeps. In a frame of another site, and where its owner says so, it keeps nothing. */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function keep(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    /* it lasts as long as the page is open */
  }
}
