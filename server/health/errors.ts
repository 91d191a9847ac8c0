// What can go wrong with a question to health. Messages can be shown to people.

export class HealthError extends Error {
  override readonly name = 'HealthError';
  readonly code: 'NOT_FOUND' | 'ALERT_ACKNOWLEDGED' | 'UNAVAILABLE';

  constructor(code: HealthError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
