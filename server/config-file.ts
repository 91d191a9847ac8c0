// Reads landbridge.yaml: YAML, then ${VARIABLES} and ${file:…}, then the contract. Every error names the file, the place and what to do.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import { type MonitoringMode, monitoringMode } from '@/lib/contracts/monitoring/mode';
import { type AuditConfig, auditFile } from './audit-config';
import { placeName, resolveReferences } from './config-references';
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
  /** LANDBRIDGE_MODE goes before it. */
  mode: monitoringMode.optional(),
});

export type FileConfig = {
  clusters: ClusterConfig[];
  outgoing: OutgoingPolicy;
  signIn: SignInConfig;
  audit: AuditConfig;
  mode: MonitoringMode | undefined;
};

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
  const content = resolveReferences(document.toJS() ?? {}, {
    environment,
    folder: dirname(file),
    problems,
  });
  if (problems.length === 0) {
    const parsed = configFile.safeParse(content);
    if (parsed.success) {
      const { clusters, outgoing, signIn, audit, mode } = parsed.data;
      return {
        ...{ outgoing, audit, mode },
        clusters: checkedClusters(file, clusters),
        signIn: signInConfigOf(signIn),
      };
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
  const copy = structuredClone(cluster);
  const { sasl, tls } = copy.security;
  const absolute = (path: string, at: string): string => {
    const whole = resolve(dirname(file), path);
    if (!existsSync(whole)) {
      problems.push(
        `clusters[${index}].security.${at}: ${whole} does not exist. Correct the path (it is relative to the file).`,
      );
    }
    return whole;
  };
  for (const key of ['caFile', 'certFile', 'keyFile'] as const) {
    const path = tls?.[key];
    if (tls && path !== undefined) tls[key] = absolute(path, `tls.${key}`);
  }
  if (sasl?.mechanism === 'OAUTHBEARER' && sasl.tokenEndpointCaFile !== undefined) {
    sasl.tokenEndpointCaFile = absolute(sasl.tokenEndpointCaFile, 'sasl.tokenEndpointCaFile');
  }
  return copy;
}

/** Messages of the contract say what to do; values are never repeated, one of them may be a password. */
function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${key}"`).join(', ');
    return `${placeName(issue.path)}: ${keys} ${issue.keys.length === 1 ? 'is' : 'are'} not known here. Check the spelling, or remove ${issue.keys.length === 1 ? 'it' : 'them'}.`;
  }
  return `${placeName(issue.path)}: ${issue.message}`;
}

function startError(file: string, problems: readonly string[]): StartError {
  return new StartError(`${file} is not right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}
