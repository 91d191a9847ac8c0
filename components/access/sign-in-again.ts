// What takes a sign-in of the last minutes leads to the sign-in by itself, and from there back to this page.
import { ownPath } from '@/lib/own-path';

export function signInAgain(): void {
  const { pathname, search } = window.location;
  window.location.assign(`/sign-in?again=1&next=${encodeURIComponent(ownPath(pathname + search))}`);
}
