// Reads landbridge.yaml: YAML, then ${VARIABLES} from the environment, then the contract. Every error names the file, the place and what to do.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import { type AuditConfig, auditFile } from './audit-config';
import { StartError } from './errors';
import { allowEntryProblem, type OutgoingPolicy } from './outgoing/addresses';
import { type SignInConfig, signInConfigOf, signInFile } from './sign-in-config';

const allowEntry = z
  .string()
  .trim()
  .superRefine((entry, ctx) => {
    const problem = allowEntryProblem(entry);
    if (problem) ctx.addIssue({ code: 'custom', message: problem });
  });

const configFile = z.strictObject({
  clusters: z.array(clusterConfig).default([]),
  outgoing: z.strictObject({ allow: z.array(allowEntry).nullable().default(null) }).prefault({}),
  signIn: signInFile.prefault({}),
  audit: auditFile.prefault({}),
});

export type FileConfig = { clusters: ClusterConfig[]; outgoing: OutgoingPolicy; signIn: SignInConfig; audit: AuditConfig };

type Environment = Record<string, string | undefined>;

/** @throws StartError listing everything that is wrong, one line each */
export function readConfigFile(file: string, environment: Environment): FileConfig {
  const lineCounter = new LineCounter();
  const document = parseDocument(readText(file), { prettyErrors: false, lineCounter });
  const syntax = document.errors[0];
  if (syntax) {
    // The parser's own message quotes the text around it, which may be a password.
    const { line, col } = lineCounter.linePos(syntax.pos[0]);
    throw new StartError(`${file} is not valid YAML at line ${line}, column ${col} (${syntax.code}).`);
  }
  const problems: string[] = [];
  const content = substitute(document.toJS() ?? {}, [], environment, problems);
  if (problems.length === 0) {
    const parsed = configFile.safeParse(content);
    if (parsed.success) {
      const { clusters, outgoing, signIn, audit } = parsed.data;
      return { outgoing, audit, clusters: checkedClusters(file, clusters), signIn: signInConfigOf(signIn) };
    }
    problems.push(...parsed.error.issues.map(describeIssue));
  }
  throw startError(file, problems);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(
      `LANDBRIDGE_CONFIG names ${file}, which cannot be read. Correct the path, or leave LANDBRIDGE_CONFIG out to add clusters in the console.`,
      { cause: error },
    );
  }
}

/** Only whole values are looked at, after parsing: a variable can hold any character without becoming YAML. `$${` is a literal `${`. */
function substitute(
  value: unknown,
  path: PropertyKey[],
  environment: Environment,
  problems: string[],
): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$(\$?)\{([^}]*)\}/g, (whole, escaped: string, name: string) => {
      if (escaped) return whole.slice(1);
      const found = environment[name];
      if (found === undefined || found === '') {
        problems.push(
          `${place(path)}: the environment variable ${name} is not set. Set it before the start.`,
        );
      }
      return found ?? '';
    });
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => substitute(item, [...path, index], environment, problems));
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, substitute(item, [...path, key], environment, problems)]),
    );
  }
  return value;
}

function checkedClusters(file: string, clusters: ClusterConfig[]): ClusterConfig[] {
  const problems: string[] = [];
  const checked = clusters.map((cluster, index) => {
    const twin = clusters.findIndex((other) => other.name === cluster.name);
    if (twin < index) {
      problems.push(
        `clusters[${index}].name: "${cluster.name}" is also the name of clusters[${twin}]. Each needs its own.`,
      );
    }
    return withAbsoluteFiles(file, cluster, index, problems);
  });
  if (problems.length > 0) throw startError(file, problems);
  return checked;
}

/** Paths of certificates are relative to the file that names them. */
function withAbsoluteFiles(
  file: string,
  cluster: ClusterConfig,
  index: number,
  problems: string[],
): ClusterConfig {
  const { tls } = cluster.security;
  if (!tls) return cluster;
  const absolute = { ...tls };
  for (const key of ['caFile', 'certFile', 'keyFile'] as const) {
    const path = tls[key];
    if (path === undefined) continue;
    absolute[key] = isAbsolute(path) ? path : join(dirname(file), path);
    if (!existsSync(absolute[key])) {
      problems.push(
        `clusters[${index}].security.tls.${key}: ${absolute[key]} does not exist. Correct the path (it is relative to the file).`,
      );
    }
  }
  return { ...cluster, security: { ...cluster.security, tls: absolute } };
}

/** Messages of the contract say what to do; values are never repeated, one of them may be a password. */
function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${key}"`).join(', ');
    return `${place(issue.path)}: ${keys} ${issue.keys.length === 1 ? 'is' : 'are'} not known here. Check the spelling, or remove ${issue.keys.length === 1 ? 'it' : 'them'}.`;
  }
  return `${place(issue.path)}: ${issue.message}`;
}

function place(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>(
    (so, key) =>
      typeof key === 'number' ? `${so}[${key}]` : so === '' ? String(key) : `${so}.${String(key)}`,
    '',
  );
  return text === '' ? 'top level' : text;
}

function startError(file: string, problems: readonly string[]): StartError {
  return new StartError(`${file} is not right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}
