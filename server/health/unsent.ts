// What has changed and is not in alerts.db yet. Kept until a commit has succeeded, so that a full disk delays and loses nothing.
import type { Remembered } from './evaluate';
import { Unsaved } from './open-alert';
import type { Place } from './place';
import { placeKey } from './place';
import type { AlertRows } from './store/alert-rows';
import type { NewDelivery, OutboxRows } from './store/outbox-rows';

export class Unsent {
  readonly alerts = new Unsaved();
  readonly deliveries: NewDelivery[] = [];
  readonly #forgotten: Place[] = [];
  readonly #remembered = new Map<string, { place: Place; all: Map<string, Remembered> }>();

  remember(place: Place, all: readonly Remembered[]): void {
    const own = this.#remembered.get(placeKey(place)) ?? { place, all: new Map() };
    if (all.length > 0) this.#remembered.set(placeKey(place), own);
    for (const one of all) own.all.set(`${one.rule}\u0000${one.key}`, one);
  }

  /** All that was written of it goes, and what is here not yet written. */
  forget(place: Place): void {
    this.#forgotten.push(place);
  }

  get isEmpty(): boolean {
    const { alerts, deliveries } = this;
    const nothing = this.#remembered.size === 0 && this.#forgotten.length === 0;
    return nothing && alerts.isEmpty && deliveries.length === 0;
  }

  /** Within one transaction. */
  write(rows: AlertRows, outbox: OutboxRows): void {
    rows.save(this.alerts);
    for (const { place, all } of this.#remembered.values()) rows.remember(place, [...all.values()]);
    for (const one of this.deliveries) outbox.add(one);
    for (const place of this.#forgotten) rows.forget(place);
  }
}
