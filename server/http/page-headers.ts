// Headers that the proxy hands to pages. What a client sends under these names is overwritten.

/** Path and query of the page: a layout is not told them by Next. */
export const pathHeader = 'x-landbridge-path';
