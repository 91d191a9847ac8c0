// Finds the Java and Maven that the harness needs, and says in one sentence what is missing. Starts nothing that stays.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type Java = {
  /** Path of the `java` command. */
  command: string;
  major: number;
  /** Full version string, such as "17.0.15+6-Debian-1deb12u1": part of cache keys. */
  version: string;
};

let found: Promise<Java> | undefined;

/**
 * Java from JAVA_HOME, else from PATH.
 * @throws when there is none, or one older than 17 (Kafka 4 needs 17).
 */
export function findJava(): Promise<Java> {
  found ??= lookForJava();
  return found;
}

async function lookForJava(): Promise<Java> {
  const home = process.env.JAVA_HOME;
  const command = home ? join(home, 'bin', 'java') : 'java';
  if (home && !existsSync(command))
    throw new Error(
      `JAVA_HOME is ${home}, but ${command} does not exist. Correct JAVA_HOME or unset it to use java from PATH.`,
    );
  let text: string;
  try {
    const { stdout, stderr } = await run(command, ['-XshowSettings:properties', '-version']);
    text = stdout + stderr;
  } catch (cause) {
    throw new Error(
      'Java was not found. Kafka brokers need Java 17 or newer: install it (Debian: apt-get install openjdk-17-jdk-headless; macOS: brew install openjdk@17) or set JAVA_HOME.',
      { cause },
    );
  }
  const setting = (name: string) => new RegExp(`${name} = (.+)`).exec(text)?.[1]?.trim() ?? '';
  const major = Number(setting('java.specification.version'));
  if (!(major >= 17))
    throw new Error(
      `${command} is Java ${setting('java.version') || 'of unknown version'}, but Kafka brokers need Java 17 or newer. Install one and set JAVA_HOME.`,
    );
  return { command, major, version: setting('java.runtime.version') || setting('java.version') };
}

/** @throws when `mvn` cannot be run. */
export async function requireMaven(): Promise<void> {
  try {
    await run('mvn', ['-v']);
  } catch (cause) {
    throw new Error(
      'Maven was not found; it brings the jars of Kafka. Install it (Debian: apt-get install maven; macOS: brew install maven), or set KAFKA_HOME to an unpacked Apache Kafka release.',
      { cause },
    );
  }
}
