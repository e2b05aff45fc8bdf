const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it may stand in HTML, also inside an attribute. Whatever a model wrote passes through here. */
export function escapeHtml(text: string): string {
  // Control characters are no HTML; what a terminal would do with them is of no use here.
  const visible = text.replaceAll(/[^\P{Cc}\t\n\r]/gu, "\ufffd");
  return visible.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
