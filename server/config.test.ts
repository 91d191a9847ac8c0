import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from './config';

const dir = mkdtempSync(join(tmpdir(), 'landbridge-config-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const file = join(dir, 'landbridge.yaml');
function read(yaml: string, environment: Record<string, string> = {}) {
  writeFileSync(file, yaml);
  return readConfig({ LANDBRIDGE_CONFIG: file, ...environment });
}
/** Written so that the linter does not take YAML for a template. */
const variable = (name: string) => `\${${name}}`;
const failure = (yaml: string, environment: Record<string, string> = {}) => {
  try {
    read(yaml, environment);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'no error';
};

describe('landbridge.yaml', () => {
  it('is read with variables from the environment, whatever characters they hold', () => {
    const { clusters } = read(
      `clusters:
  - name: west
    bootstrapServers: ["\${WEST}:9092", "b.example.com:9092"]
    security: { protocol: SASL_PLAINTEXT, sasl: { mechanism: PLAIN, username: lb, password: "x\${PASSWORD}$\${y}" } }`,
      { WEST: 'a.example.com', PASSWORD: `": # '{` },
    );
    expect(clusters[0]).toMatchObject({
      bootstrapServers: ['a.example.com:9092', 'b.example.com:9092'],
      security: { sasl: { password: `x": # '{${variable('y')}` } },
    });
  });

  it('may take a secret from a file, without the line break at its end', () => {
    writeFileSync(join(dir, 'password'), 'p"a\\ss\n\n');
    const yaml = (path: string) =>
      `clusters: [{ name: west, bootstrapServers: ["a:1"], security: { protocol: SASL_PLAINTEXT, sasl: { mechanism: PLAIN, username: lb, password: "${variable(`file:${path}`)}" } } }]`;
    expect(read(yaml('password')).clusters[0]).toMatchObject({
      security: { sasl: { password: 'p"a\\ss\n' } },
    });
    expect(failure(yaml('missing'))).toContain(
      `clusters[0].security.sasl.password: the file ${join(dir, 'missing')} cannot be read`,
    );
  });

  it('with a mistake in its YAML names line and column, and quotes nothing of it', () => {
    const message = failure('clusters:\n  - { name: west, password: hunter2 hunter2: [ }\n');
    expect(message).toMatch(/is not valid YAML at line \d+, column \d+ \([A-Z_]+\)/);
    expect(message).not.toContain('hunter2');
  });

  it('may narrow what is called', () => {
    expect(read('').outgoing).toEqual({ allow: null });
    expect(read('outgoing: { allow: ["*.example.com", 10.0.0.0/8] }').outgoing).toEqual({
      allow: ['*.example.com', '10.0.0.0/8'],
    });
    expect(failure('outgoing: { allow: ["https://a"] }')).toContain('outgoing.allow[0]: Write a host name');
  });

  it('may be empty', () => {
    expect(read('').clusters).toEqual([]);
    expect(readConfig({}).clusters).toEqual([]);
  });

  it('with a missing variable names the variable and the place', () => {
    const yaml = `clusters: [{ name: west, bootstrapServers: ["${variable('WEST')}:9092"] }]`;
    expect(failure(yaml)).toContain(
      'clusters[0].bootstrapServers[0]: the environment variable WEST is not set',
    );
  });

  it('names file, place, what is wrong and what to do, without ever showing a value', () => {
    const message = failure(`clusters:
  - { name: west, bootstrapServers: [a:1] }
  - name: east
    bootstrapServers: [b:1]
    security: { protocol: SASL_SSL, sasl: { mechanism: PLAIN, username: lb, password: hunter2, pasword: hunter2 } }`);
    expect(message).toContain(`${file} is not right`);
    expect(message).toContain('clusters[1].security.sasl: "pasword" is not known here. Check the spelling');
    expect(message).not.toContain('hunter2');
    expect(failure('clusters: [{ name: a b, bootstrapServers: [] }]')).toMatch(
      /clusters\[0\]\.name.*\n.*clusters\[0\]\.bootstrapServers/,
    );
    expect(failure('clusters: [{ name: a, bootstrapServers: [x] }')).toContain('is not valid YAML');
    expect(failure('clustres: []')).toContain('top level: "clustres" is not known here');
  });

  it('refuses one name twice, and certificates that are not there', () => {
    const twice = 'clusters: [{ name: a, bootstrapServers: [x:1] }, { name: a, bootstrapServers: [y:1] }]';
    expect(failure(twice)).toContain('clusters[1].name: "a" is also the name of clusters[0]');
    const tls =
      'clusters: [{ name: a, bootstrapServers: [x:1], security: { protocol: SSL, tls: { caFile: ca.pem } } }]';
    expect(failure(tls)).toContain(`clusters[0].security.tls.caFile: ${join(dir, 'ca.pem')} does not exist`);
  });

  it('that cannot be read says so', () => {
    expect(() => readConfig({ LANDBRIDGE_CONFIG: join(dir, 'none.yaml') })).toThrow('which cannot be read');
  });
});

describe('the environment', () => {
  it('has safe defaults', () => {
    expect(readConfig({})).toMatchObject({ host: '127.0.0.1', port: 3000, apiKey: null, configFile: null });
  });

  it('lets the server listen beyond loopback only under an address that people know it by', () => {
    for (const HOST of ['0.0.0.0', '::', '10.0.0.1', 'example.com', '127.0.0.1.example.com']) {
      expect(() => readConfig({ HOST })).toThrow(`HOST=${HOST} can be reached from other machines`);
      const { address } = readConfig({ HOST, LANDBRIDGE_URL: 'https://Links.example.com:443/' });
      expect(address).toEqual({
        origin: 'https://links.example.com',
        host: 'links.example.com',
        secure: true,
        exposed: false,
      });
    }
    expect(readConfig({ HOST: 'localhost' }).address.origin).toBe('http://localhost:3000');
    expect(readConfig({ HOST: '::1', PORT: '80' }).address.host).toBe('[::1]');
  });

  it('refuses plain http on a network unless it is told that this is meant', () => {
    const LANDBRIDGE_URL = 'http://links.example.com:3000';
    expect(() => readConfig({ LANDBRIDGE_URL })).toThrow('is plain http');
    expect(() => readConfig({ LANDBRIDGE_URL, LANDBRIDGE_INSECURE_HTTP: '0' })).toThrow('is plain http');
    expect(readConfig({ LANDBRIDGE_URL, LANDBRIDGE_INSECURE_HTTP: '1' }).address).toMatchObject({
      secure: false,
      exposed: true,
    });
    expect(readConfig({ LANDBRIDGE_URL: 'http://localhost:8080' }).address.exposed).toBe(false);
  });

  it.each(['links.example.com', 'ftp://a.example', 'https://a.example/console', 'https://me:pw@a.example'])(
    'refuses %s as its address',
    (LANDBRIDGE_URL) => {
      expect(() => readConfig({ LANDBRIDGE_URL })).toThrow('is not the address of a server');
    },
  );

  it('takes a whole API key or none, and a real port', () => {
    expect(() => readConfig({ LANDBRIDGE_API_KEY: 'a' })).toThrow('LANDBRIDGE_API_SECRET is not');
    expect(() => readConfig({ LANDBRIDGE_API_SECRET: 'a' })).toThrow('LANDBRIDGE_API_KEY is not');
    expect(() => readConfig({ LANDBRIDGE_API_KEY: 'a:b', LANDBRIDGE_API_SECRET: 'c' })).toThrow('colon');
    expect(readConfig({ LANDBRIDGE_API_KEY: 'a', LANDBRIDGE_API_SECRET: 'b' }).apiKey).toEqual({
      key: 'a',
      secret: 'b',
    });
    expect(() => readConfig({ PORT: '70000' })).toThrow('PORT=70000 is not a port');
  });
});
