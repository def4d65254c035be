/* The view for frames of other pages, ?embed: the panel of the link without the bar and without its controls. */
export const isEmbedded = new URLSearchParams(location.search).has("embed");

/* What another page's source has to hold to show this view of a link. */
export function frameOf(link: string, title: string): string {
  const quoted = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const source = quoted(link.replace("#", "?embed#"));
  return `<iframe src="${source}" title="${quoted(title)}" width="800" height="620"></iframe>`;
}
