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
  readonly #remembered = new Map<string, { place: Place; one: Remembered }>();

  remember(place: Place, all: readonly Remembered[]): void {
    for (const one of all)
      this.#remembered.set(`${placeKey(place)}\u0000${one.rule}\u0000${one.key}`, { place, one });
  }

  get isEmpty(): boolean {
    return this.alerts.isEmpty && this.deliveries.length === 0 && this.#remembered.size === 0;
  }

  /** Within one transaction. */
  write(rows: AlertRows, outbox: OutboxRows): void {
    rows.save(this.alerts);
    for (const { place, one } of this.#remembered.values()) rows.remember(place, [one]);
    for (const one of this.deliveries) outbox.add(one);
  }
}
