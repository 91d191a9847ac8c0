// Says which programs the demo and the tests need and which are missing, all at once, with one command to install them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';

export const neededNode = [20, 9];
export const neededJava = 17;

/** @returns `[{ tool, problem }]`, empty when everything is there */
export function missingTools({ java = true, maven = true, freeMemoryMb = 0 } = {}) {
  const missing = [];
  const add = (tool, problem) => problem && missing.push({ tool, problem });
  add('node', nodeProblem());
  if (java) {
    const wrongHome = javaHomeProblem();
    add('JAVA_HOME', wrongHome);
    if (!wrongHome) add('java', javaProblem());
  }
  if (maven) add('maven', mavenProblem());
  if (freeMemoryMb) add('memory', memoryProblem(freeMemoryMb));
  return missing;
}

function nodeProblem() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const enough = major > neededNode[0] || (major === neededNode[0] && minor >= neededNode[1]);
  return enough
    ? null
    : `Node ${process.versions.node} is too old: ${neededNode.join('.')} or newer is needed.`;
}

function javaHomeProblem() {
  const home = process.env.JAVA_HOME;
  if (!home || existsSync(join(home, 'bin', 'java'))) return null;
  return `JAVA_HOME is ${home}, but there is no ${join(home, 'bin', 'java')}: correct it, or unset it.`;
}

function javaProblem() {
  const home = process.env.JAVA_HOME;
  const command = home ? join(home, 'bin', 'java') : 'java';
  const result = spawnSync(command, ['-version'], { encoding: 'utf8' });
  if (result.error || result.status !== 0)
    return `Java is missing: ${neededJava} or newer is needed to run Kafka.`;
  const version = /version "(\d+)(?:\.(\d+))?/.exec(result.stderr + result.stdout);
  const major = version && (version[1] === '1' ? Number(version[2]) : Number(version[1]));
  return major >= neededJava
    ? null
    : `Java ${major ?? '?'} is too old: ${neededJava} or newer is needed to run Kafka.`;
}

function mavenProblem() {
  if (process.env.KAFKA_HOME) return null;
  // Whether it runs is not asked: without Java it does not, and that is said already.
  const { error } = spawnSync('mvn', ['--version']);
  return error
    ? 'Maven is missing: it brings the Kafka brokers (or set KAFKA_HOME to an unpacked Kafka).'
    : null;
}

function memoryProblem(neededMb) {
  const availableMb = Math.floor(availableMemory() / 1_048_576);
  return availableMb >= neededMb
    ? null
    : `${availableMb} MB of memory are available, about ${neededMb} MB are needed. Close something first.`;
}

function availableMemory() {
  // os.freemem() leaves out what the system would give back at once; on macOS nothing better than the total is known.
  if (process.platform !== 'linux') return os.totalmem() / 2;
  const field = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'));
  const free = field ? Number(field[1]) * 1024 : os.freemem();
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(free, limit) : free;
}

/** /etc/os-release as an object; empty elsewhere. */
export function osRelease() {
  if (!existsSync('/etc/os-release')) return {};
  const lines = readFileSync('/etc/os-release', 'utf8').split('\n');
  return Object.fromEntries(
    lines.map((line) => /^(\w+)="?(.*?)"?$/.exec(line)?.slice(1)).filter((pair) => pair !== undefined),
  );
}

/** "debian", "fedora", "macos" or "other" */
export function system() {
  if (process.platform === 'darwin') return 'macos';
  const { ID = '', ID_LIKE = '' } = osRelease();
  if (/\b(debian|ubuntu)\b/.test(`${ID} ${ID_LIKE}`)) return 'debian';
  if (/\b(fedora|rhel|centos)\b/.test(`${ID} ${ID_LIKE}`)) return 'fedora';
  return 'other';
}

/** One line to paste for each system; this machine's own system first when it is known. */
export function installCommands(tools) {
  const wants = (tool) => tools.includes(tool);
  const { ID, VERSION_ID } = osRelease();
  const javaPackage =
    ID === 'debian' && VERSION_ID === '12' ? 'openjdk-17-jre-headless' : 'openjdk-21-jre-headless';
  const join_ = (...parts) => parts.filter(Boolean).join(' && ');
  const list = (...names) => names.filter(Boolean).join(' ');
  const apt = list(
    wants('java') && javaPackage,
    wants('maven') && 'maven',
    wants('browser') && 'chromium fonts-dejavu-core',
    wants('prometheus') && 'prometheus',
    wants('go') && 'golang-go',
  );
  const dnf = list(
    wants('node') && 'nodejs',
    wants('java') && 'java-21-openjdk-headless',
    wants('maven') && 'maven',
    wants('browser') && 'chromium-headless',
    wants('prometheus') && 'golang-github-prometheus',
    wants('go') && 'golang',
  );
  const brew = list(
    wants('node') && 'node',
    wants('maven') && 'maven',
    wants('prometheus') && 'prometheus',
    wants('go') && 'go',
  );
  const casks = list(wants('java') && 'temurin@21', wants('browser') && 'chromium');
  const commands = {
    debian: [
      'Debian, Ubuntu',
      join_(
        apt && `sudo apt-get update && sudo apt-get install -y ${apt}`,
        wants('node') && 'sudo npm install --global n && sudo n 22',
      ),
    ],
    fedora: ['Fedora', dnf && `sudo dnf install -y ${dnf}`],
    macos: ['macOS', join_(brew && `brew install ${brew}`, casks && `brew install --cask ${casks}`)],
  };
  const here = system();
  const order = here === 'other' ? ['debian', 'fedora', 'macos'] : [here];
  return order.map((name) => commands[name]).filter(([, command]) => command);
}

/** The text to print when something is missing. */
export function describeMissing(missing) {
  const lines = missing.map(({ problem }) => `  ${problem}`);
  const commands = installCommands(missing.map(({ tool }) => tool));
  if (commands.length > 0) lines.push('', 'To install it:');
  for (const [name, command] of commands) lines.push(`  ${name}:  ${command}`);
  return `This machine lacks something:\n${lines.join('\n')}`;
}
