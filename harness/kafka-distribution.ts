// Brings the jars of one Apache Kafka release: from KAFKA_HOME, or once through Maven into .cache/kafka/<version>/libs-<pom>.
// A folder of that name is always complete: downloads go to a folder of their own that is renamed at the end.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { requireMaven } from './java';

const run = promisify(execFile);

export const DEFAULT_KAFKA_VERSION = '4.3.1';
const LOG4J_VERSION = '2.24.3';
const ECLIPSE_COMPILER_VERSION = '3.37.0';
const DOWNLOAD_LIMIT_MS = 10 * 60_000;

export type KafkaDistribution = {
  version: string;
  /** All jars, in a fixed order: the class archive is only valid for exactly this path. */
  classpath: string;
  /** Where things derived from these jars are kept (compiled helpers, class archive, format template). */
  cacheDir: string;
};

const repoDir = fileURLToPath(new URL('..', import.meta.url));
const pending = new Map<string, Promise<KafkaDistribution>>();

/** @throws when neither KAFKA_HOME nor Maven can give the jars, naming what to install or set. */
export function kafkaDistribution(version: string = DEFAULT_KAFKA_VERSION): Promise<KafkaDistribution> {
  let distribution = pending.get(version);
  if (!distribution) {
    distribution = locate(version);
    pending.set(version, distribution);
    distribution.catch(() => pending.delete(version));
  }
  return distribution;
}

async function locate(wanted: string): Promise<KafkaDistribution> {
  const home = process.env.KAFKA_HOME;
  if (home) {
    const installed = installedVersion(home);
    // The default is whatever is installed; a version asked for by number is brought when it's another one.
    if (installed === wanted || wanted === DEFAULT_KAFKA_VERSION)
      return {
        version: installed,
        classpath: classpathOf(join(home, 'libs')),
        cacheDir: await cacheFolder(installed),
      };
  }
  const cacheDir = await cacheFolder(wanted);
  const project = pom(wanted);
  const libs = join(cacheDir, `libs-${createHash('sha256').update(project).digest('hex').slice(0, 8)}`);
  if (!existsSync(libs)) await download(wanted, project, libs);
  return { version: wanted, classpath: classpathOf(libs), cacheDir };
}

function installedVersion(home: string): string {
  const libs = join(home, 'libs');
  const names = existsSync(libs) ? readdirSync(libs) : [];
  const version = names.map((name) => /^kafka-clients-(\d.*)\.jar$/.exec(name)?.[1]).find(Boolean);
  if (!version)
    throw new Error(
      `KAFKA_HOME is ${home}, but ${libs} holds no kafka-clients jar. Point it at an unpacked Apache Kafka release, or unset it.`,
    );
  return version;
}

async function cacheFolder(version: string): Promise<string> {
  const dir = join(repoDir, '.cache', 'kafka', version);
  await mkdir(dir, { recursive: true });
  return dir;
}

function classpathOf(libs: string): string {
  // Older releases bring another logging back end along, which would be a second one.
  const jars = readdirSync(libs).filter(
    (name) => name.endsWith('.jar') && !/^slf4j-(reload4j|log4j12)-/.test(name),
  );
  return jars
    .sort()
    .map((name) => join(libs, name))
    .join(':');
}

async function download(version: string, project: string, libs: string): Promise<void> {
  await requireMaven();
  const work = await mkdtemp(`${libs}.partial-`);
  try {
    await writeFile(join(work, 'pom.xml'), project);
    const jars = join(work, 'libs');
    await run(
      'mvn',
      ['-B', '-q', '-f', join(work, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`],
      { timeout: DOWNLOAD_LIMIT_MS, maxBuffer: 16 * 1024 * 1024 },
    );
    await rename(jars, libs);
  } catch (cause) {
    // Another process may have finished the same download first; its folder is complete.
    if (existsSync(libs)) return;
    const output = typeof cause === 'object' && cause && 'stdout' in cause ? String(cause.stdout) : '';
    throw new Error(
      `Maven could not bring Apache Kafka ${version}. Check the network and Maven's settings, or set KAFKA_HOME to an unpacked release.\n${output.slice(-2000)}`,
      { cause },
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function pom(version: string): string {
  const artifacts = [
    ...['kafka_2.13', 'kafka-tools', 'connect-runtime', 'connect-mirror', 'connect-file'].map(
      (id) => ['org.apache.kafka', id, version] as const,
    ),
    // Without these two the brokers run but log nothing.
    ['org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J_VERSION] as const,
    ['org.apache.logging.log4j', 'log4j-core', LOG4J_VERSION] as const,
    // Compiles the harness's Java where there is a Java runtime but no JDK.
    ['org.eclipse.jdt', 'ecj', ECLIPSE_COMPILER_VERSION] as const,
  ];
  const dependencies = artifacts.map(
    ([group, id, v]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${v}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>landbridge</groupId><artifactId>kafka-jars</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${dependencies.join('\n')}</dependencies></project>
`;
}
