import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import { makeTestCertificates, type TestCertificates } from '@fissile/kit/testing';
import { clusterAround, KubernetesDeployment } from './kubernetes-deployment.js';

const NAME = 'toy-beta';
const PATH = `/apis/apps/v1/namespaces/toys/deployments/${NAME}/scale`;

/** Answers as the API of Kubernetes does for one Deployment, which a service account may scale. */
describe('A Deployment of the cluster around', () => {
  const asked: string[] = [];
  let replicas: number;
  let token: string;
  let certificates: TestCertificates;
  let server: Server;
  let folder: string;

  async function answer(request: IncomingMessage): Promise<[status: number, body: object]> {
    const sent = await text(request);
    asked.push(`${request.method} ${request.url} ${request.headers['content-type'] ?? ''} ${sent}`.trim());
    if (request.headers.authorization !== `Bearer ${token}`) return [401, { message: 'Unauthorized' }];
    if (request.url !== PATH) return [403, { message: `cannot patch resource ${request.url}` }];
    if (request.method === 'PATCH') replicas = JSON.parse(sent).spec.replicas as number;
    return [200, { kind: 'Scale', spec: replicas === 0 ? {} : { replicas } }];
  }

  before(async () => {
    certificates = makeTestCertificates();
    const [cert, key] = [readFileSync(certificates.cert), readFileSync(certificates.key)];
    server = createServer({ cert, key }, (request, response) => {
      void answer(request).then(([status, body]) => response.writeHead(status).end(JSON.stringify(body)));
    });
    await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
    folder = mkdtempSync(join(tmpdir(), 'fissile-service-account-'));
    writeFileSync(join(folder, 'namespace'), 'toys');
  });

  after(() => {
    server.close();
    certificates.remove();
    rmSync(folder, { recursive: true });
  });

  beforeEach(() => {
    asked.length = 0;
    replicas = 0;
    useToken('first');
    writeFileSync(join(folder, 'ca.crt'), readFileSync(certificates.ca));
  });

  function useToken(next: string): void {
    token = next;
    writeFileSync(join(folder, 'token'), `${next}\n`);
  }

  const around = () => {
    const { port } = server.address() as AddressInfo;
    return clusterAround(
      { KUBERNETES_SERVICE_HOST: 'localhost', KUBERNETES_SERVICE_PORT: `${port}` },
      folder,
    );
  };

  async function using<T>(name: string, work: (deployment: KubernetesDeployment) => Promise<T>): Promise<T> {
    const deployment = new KubernetesDeployment(around(), name);
    try {
      return await work(deployment);
    } finally {
      await deployment.close();
    }
  }

  it('has as many replicas as it is scaled to, and nothing else changes', async () => {
    await using(NAME, async (deployment) => {
      assert.equal(await deployment.replicas(), 0);
      await deployment.scaleTo(3);
      assert.equal(await deployment.replicas(), 3);
    });
    const patch = 'application/merge-patch+json {"spec":{"replicas":3}}';
    assert.deepEqual(asked, [`GET ${PATH}`, `PATCH ${PATH} ${patch}`, `GET ${PATH}`]);
  });

  it('is asked with the token of the moment, which the cluster replaces', async () => {
    await using(NAME, async (deployment) => {
      await deployment.scaleTo(1);
      useToken('second');
      assert.equal(await deployment.replicas(), 1);
    });
  });

  it('is not asked of a server that the cluster’s authority has not signed', async () => {
    writeFileSync(join(folder, 'ca.crt'), readFileSync(certificates.otherCa));
    await assert.rejects(
      using(NAME, (deployment) => deployment.replicas()),
      /The API of the cluster at https:\/\/localhost:\d+ does not answer: .*certificate/,
    );
    assert.deepEqual(asked, []);
  });

  it('is left as it is when the service account may not scale it, which is told', async () => {
    await assert.rejects(
      using('another', (deployment) => deployment.scaleTo(2)),
      /refuses to scale another: cannot patch resource/,
    );
  });

  it('is of no use outside of a cluster, which is told', () => {
    assert.throws(() => clusterAround({}, folder), /expected a pod of Kubernetes/);
    assert.throws(
      () => clusterAround({ KUBERNETES_SERVICE_HOST: 'localhost' }, join(folder, 'nowhere')),
      /service account at .*nowhere; elsewhere, kubectl scale/,
    );
  });
});
