// The settings behind the # of an address go along to the dashboard.
for (const form of document.querySelectorAll("form")) form.action += location.hash;
for (const link of document.querySelectorAll("a.button")) {
  if (!location.hash) continue;
  // With another query, because a browser stays where it is if nothing but the # changes.
  link.href = link.pathname + (location.href.includes("?") ? "" : "?") + location.hash;
}
