// Compiles harness/java, once per state of its sources, the jars and Java. With javac, or without a JDK with the
// Eclipse compiler that came along with the jars.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Java } from './java';
import type { KafkaDistribution } from './kafka-distribution';

const run = promisify(execFile);
const sourceDir = fileURLToPath(new URL('java', import.meta.url));

/** @returns the folder of the compiled classes */
export async function compiledHelpers(java: Java, distribution: KafkaDistribution): Promise<string> {
  const names = (await readdir(sourceDir)).filter((name) => name.endsWith('.java')).sort();
  const files = names.map((name) => join(sourceDir, name));
  const hash = createHash('sha256').update(`${java.major}\n${distribution.classpath}\n`);
  for (const file of files) hash.update(await readFile(file));
  const classes = join(distribution.cacheDir, `helpers-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(classes)) return classes;
  const work = await mkdtemp(`${classes}.partial-`);
  try {
    await compile(java, distribution.classpath, ['-nowarn', '-d', work, ...files]);
    await rename(work, classes);
  } catch (error) {
    // Another process may have compiled the same at the same time; a folder of that name is complete.
    if (!existsSync(classes)) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return classes;
}

async function compile(java: Java, classpath: string, args: string[]): Promise<void> {
  const javac = java.command === 'java' ? 'javac' : join(dirname(java.command), 'javac');
  try {
    await run(javac, ['--release', '17', '-cp', classpath, ...args]);
    return;
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (!missing)
      throw new Error(`The Java helpers in ${sourceDir} do not compile: ${String(cause)}`, { cause });
  }
  if (!/\/ecj-[^/:]*\.jar/.test(classpath))
    throw new Error(
      'javac was not found: with KAFKA_HOME a JDK is needed, not only a Java runtime (Debian: apt-get install openjdk-17-jdk-headless). Without KAFKA_HOME a compiler comes with the jars.',
    );
  const compiler = 'org.eclipse.jdt.internal.compiler.batch.Main';
  await run(java.command, ['-cp', classpath, compiler, '--release', '17', '-cp', classpath, ...args]);
}
