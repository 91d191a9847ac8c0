// Addresses of a hub's pages. Pure.
export const consoleHref = (name: string) => `/hub/${encodeURIComponent(name)}`;
