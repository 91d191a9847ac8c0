// Who asks. What an actor may do is decided in authorise.ts, from its grants; an actor holds no secret.
import type { Grant, Role } from '@/lib/contracts/access';

/**
 * What a route asks of its actor before anything is read: a role held somewhere; operations check where. `signedIn` also
 * lets in who holds no role yet, `hubSender` consoles that report to a hub, and nobody else.
 */
export type Access = 'anonymous' | 'signedIn' | 'hubSender' | Role;

export type PersonActor = {
  kind: 'person';
  id: string;
  name: string;
  grants: readonly Grant[];
  /** Of this session's row, never what the browser holds. */
  sessionId: string;
  /** When this session began. */
  signedInAtMs: number;
  /**
   * When this person last proved who they are: typed a password here, or at the provider, which may have let them in
   * silently since. Null: the provider has not said. A fresh sign-in is younger than 15 minutes.
   */
  authenticatedAtMs: number | null;
  /** True for local and OIDC accounts of people; a person is never a program. */
  address: string | null;
};

export type ApiKeyActor = {
  kind: 'apiKey';
  id: string;
  name: string;
  grants: readonly Grant[];
  bootstrap: boolean;
  address: string | null;
};

/** A console that reports to this hub. It may post its own reports, and see nothing. */
export type HubSenderActor = {
  kind: 'hubSender';
  /** Of the key. */
  id: string;
  /** As this hub names it: what is reported with the key is of this console, whatever it says. */
  console: string;
  address: string | null;
};

export type Actor =
  | { kind: 'anonymous'; address: string | null }
  | PersonActor
  | ApiKeyActor
  | HubSenderActor
  /** What links and tasks do by themselves: recorded, never asked for a right. */
  | { kind: 'engine' }
  /** What the server does at start or from a command on its own machine. */
  | { kind: 'system' };

export const keyName = ({ name }: { name: string }): string => `API key ${name}`;

/** As it stands in timelines and in the audit log. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'person':
      return actor.name;
    case 'apiKey':
      return actor.bootstrap ? `bootstrap key ${actor.id}` : keyName(actor);
    case 'hubSender':
      return `console ${actor.console}`;
    default:
      return actor.kind;
  }
}

export const everywhere = (role: Role): Grant[] => [{ role, scope: { kind: 'everywhere' } }];
