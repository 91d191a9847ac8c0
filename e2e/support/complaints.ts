// What the browser's console complains about while a test runs.
import type { Page } from '@playwright/test';

/** Answers with an error status, and requests that fail, are part of some tests; the browser reports them as errors too. */
const expectedNoise = /Failed to load resource|net::ERR_/;

/** @returns a list that grows */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type()) || expectedNoise.test(message.text())) return;
    complaints.push(`${message.type()}: ${message.text()}`);
  });
  return complaints;
}

/** Reports of the content security policy: no test may have any. @returns a list that grows */
export function policyReportsOf(page: Page): string[] {
  const reports: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) reports.push(message.text());
  });
  return reports;
}
