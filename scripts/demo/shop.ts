// What the shop of the demo writes: the content of each record, from a seeded generator. Talks to nobody.
import type { Message } from 'kafkajs';
import { Random } from './random';

const CUSTOMERS = 2_000;
const FIRST_NAMES = [
  'Ada',
  'Ben',
  'Chioma',
  'Dilan',
  'Elif',
  'Farid',
  'Greta',
  'Hana',
  'Ivo',
  'Jun',
  'Kofi',
  'Lea',
];
const LAST_NAMES = [
  'Adeyemi',
  'Bauer',
  'Costa',
  'Dubois',
  'Eriksson',
  'Fischer',
  'García',
  'Haddad',
  'Ito',
  'Jansen',
];
const CITIES = [
  'Hamburg',
  'Lagos',
  'Lisbon',
  'Lyon',
  'Malmö',
  'Osaka',
  'Rotterdam',
  'São Paulo',
  'Turin',
  'Zürich',
];
const PRODUCTS: readonly [sku: string, name: string, cents: number][] = [
  ['LMP-104', 'Desk lamp', 4_990],
  ['CHR-220', 'Office chair', 24_900],
  ['KBD-031', 'Keyboard', 8_900],
  ['MUG-007', 'Mug', 1_250],
  ['BAG-515', 'Backpack', 7_400],
  ['PEN-012', 'Fountain pen', 3_900],
  ['NTB-080', 'Notebook, dotted', 1_490],
];
const PAGES = [
  '/',
  '/search',
  '/cart',
  '/checkout',
  '/account',
  ...PRODUCTS.map(([sku]) => `/products/${sku}`),
];
const AGENTS = ['Firefox 145 on Linux', 'Safari 26 on iOS', 'Chrome 142 on Windows', 'Chrome 142 on Android'];
const STEPS = ['packed', 'handed over', 'in transit', 'out for delivery', 'delivered'];

export class Shop {
  #random: Random;
  #order: number;

  /** @param run counts the starts of the demo, so that no start repeats the numbers of an earlier one */
  constructor(run: number) {
    this.#random = new Random(20_261 + run);
    this.#order = run * 10_000_000;
  }

  order(): Message {
    const r = this.#random;
    const customer = this.#customer();
    const lines = Array.from({ length: r.between(1, 4) }, () => {
      const [sku, name, cents] = r.pick(PRODUCTS);
      return { sku, name, cents, quantity: r.between(1, 3) };
    });
    this.#order++;
    return {
      key: customer,
      headers: { 'content-type': 'application/json', source: r.pick(['web', 'app', 'store']) },
      value: JSON.stringify({
        order: `O-${this.#order}`,
        customer,
        city: r.pick(CITIES),
        lines,
        totalCents: lines.reduce((sum, line) => sum + line.cents * line.quantity, 0),
        currency: 'EUR',
      }),
    };
  }

  /** What one payment writes in its transaction: authorised, then captured. */
  payment(): Message[] {
    const payment = `P-${this.#order}-${this.#random.between(100_000, 999_999)}`;
    const amount = { cents: this.#random.between(900, 90_000), currency: 'EUR' };
    return ['authorised', 'captured'].map((step) => ({
      key: payment,
      value: JSON.stringify({
        payment,
        step,
        ...amount,
        method: this.#random.pick(['card', 'transfer', 'wallet']),
      }),
    }));
  }

  /** A new version of a customer's record; one in fifty is a deletion. */
  customer(): Message {
    const r = this.#random;
    const key = this.#customer();
    if (r.next() < 0.02) return { key, value: null };
    const name = `${r.pick(FIRST_NAMES)} ${r.pick(LAST_NAMES)}`;
    return {
      key,
      value: JSON.stringify({ customer: key, name, city: r.pick(CITIES), newsletter: r.next() < 0.3 }),
    };
  }

  click(): Message {
    const r = this.#random;
    const session = r.between(1, 5_000).toString(36).padStart(4, '0');
    return {
      key: session,
      value: JSON.stringify({ session, page: r.pick(PAGES), agent: r.pick(AGENTS), ms: r.between(20, 900) }),
    };
  }

  shipment(): Message {
    const r = this.#random;
    const shipment = `S-${r.between(1, 40_000)}`;
    return { key: shipment, value: JSON.stringify({ shipment, step: r.pick(STEPS), city: r.pick(CITIES) }) };
  }

  #customer(): string {
    return `C-${String(this.#random.between(1, CUSTOMERS)).padStart(5, '0')}`;
  }
}
