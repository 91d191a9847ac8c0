// A certificate authority for tests: issues server and client certificates within milliseconds, also ones that expire within
// seconds or have expired already. Nothing of it is kept.
// The package's dependency injection looks for it.
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

/** PEM text; `key` is PKCS#8 without a password. */
export type IssuedCertificate = { cert: string; key: string };

export type CertificateRequest = {
  /** The common name; the brokers of the harness take it as the user name of a client. */
  name: string;
  /** Names and addresses of a server. Default: localhost and 127.0.0.1. */
  hosts?: string[];
  /** From now; a negative one has expired already. Default 30 days. Certificates count in whole seconds. */
  validForMs?: number;
};

export class TestCa {
  /** The CA's certificate as PEM text. */
  readonly pem: string;
  readonly #certificate: X509Certificate;
  readonly #keys: CryptoKeyPair;

  private constructor(certificate: X509Certificate, keys: CryptoKeyPair) {
    this.#certificate = certificate;
    this.#keys = keys;
    this.pem = pemText(certificate);
  }

  static async create(name = 'Landbridge test CA'): Promise<TestCa> {
    const keys = await generateKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Date.now() - 400 * DAY_MS),
      notAfter: new Date(Date.now() + 3_650 * DAY_MS),
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return new TestCa(certificate, keys);
  }

  issueServer(request: CertificateRequest): Promise<IssuedCertificate> {
    const hosts = request.hosts ?? ['localhost', '127.0.0.1'];
    const names = hosts.map((value) =>
      /^[\d.]+$|:/.test(value) ? { type: 'ip' as const, value } : { type: 'dns' as const, value },
    );
    return this.#issue(request, [
      new SubjectAlternativeNameExtension(names),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    ]);
  }

  issueClient(request: CertificateRequest): Promise<IssuedCertificate> {
    return this.#issue(request, [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])]);
  }

  async #issue(request: CertificateRequest, extensions: Extension[]): Promise<IssuedCertificate> {
    const keys = await generateKeys();
    const notAfter = Date.now() + (request.validForMs ?? 30 * DAY_MS);
    const certificate = await X509CertificateGenerator.create({
      subject: `CN=${request.name}`,
      issuer: this.#certificate.subject,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Math.min(Date.now(), notAfter) - DAY_MS),
      notAfter: new Date(notAfter),
      extensions: [
        new BasicConstraintsExtension(false),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        ...extensions,
      ],
    });
    const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
    return { cert: pemText(certificate), key: `${PemConverter.encode(key, PemConverter.PrivateKeyTag)}\n` };
  }
}

function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

const pemText = (certificate: X509Certificate): string => `${certificate.toString('pem')}\n`;
