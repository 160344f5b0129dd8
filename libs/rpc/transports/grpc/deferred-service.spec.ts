import {
  Client,
  credentials,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { addHealth } from './grpc-health.js';
import { addReflection } from './grpc-reflection.js';
import { passOn } from './service-package.js';

const require = createRequire(import.meta.url);
const folderOf = (name: string): string => dirname(require.resolve(`${name}/package.json`));
const REFLECTION = join(folderOf('@grpc/reflection'), 'build');
const HEALTH = folderOf('grpc-health-check');

/** One of the kit's own, whose .proto file is in the package. */
const SERVICE = { name: 'Events', fullName: 'fissile.events.v1.Events', methods: ['Deliver'] };

interface ReflectionAnswer {
  readonly listServicesResponse: { readonly service: readonly { readonly name: string }[] };
  readonly fileDescriptorResponse: { readonly fileDescriptorProto: readonly Buffer[] };
}

interface HealthAnswer {
  readonly status: string;
}

/** A method as a client in another program knows it. */
function methodOf<Answer>(folder: string, file: string, service: string, method: string) {
  const definition = loadSync(file, { includeDirs: [folder], enums: String });
  return (definition[service] as ServiceDefinition)[method] as MethodDefinition<object, Answer>;
}

describe('The standard services of gRPC', () => {
  const server = new Server();
  let client: Client;

  before(async () => {
    addReflection(server, [SERVICE], undefined);
    addHealth(server, [SERVICE]);
    const port = await promisify(server.bindAsync.bind(server))(
      '127.0.0.1:0',
      ServerCredentials.createInsecure(),
    );
    client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  });

  after(() => {
    client.close();
    server.forceShutdown();
  });

  it('are not loaded with the transport', async () => {
    // In a process of its own, since others may have asked in this one.
    const transport = new URL('grpc-transport.js', import.meta.url).href;
    const list = `
      import { createRequire } from 'node:module';
      await import('${transport}');
      console.log(Object.keys(createRequire(import.meta.url).cache).join('\\n'));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', list]);
    const loaded = stdout.split('\n');
    assert.ok(loaded.some((path) => path.includes('@grpc/grpc-js')));
    assert.deepEqual(
      loaded.filter((path) => [REFLECTION, HEALTH].some((folder) => path.startsWith(folder))),
      [],
    );
  });

  for (const version of ['v1', 'v1alpha'] as const) {
    it(`list the services and show a file, in ${version} of reflection`, async () => {
      const { listServicesResponse } = await reflect(version, { listServices: '' });
      assert.deepEqual(
        listServicesResponse.service.map(({ name }) => name),
        [SERVICE.fullName],
      );
      const { fileDescriptorResponse } = await reflect(version, { fileContainingSymbol: SERVICE.fullName });
      assert.match(String(fileDescriptorResponse.fileDescriptorProto[0]), /Deliver/);
    });
  }

  it('tell the health of the process and of each service, as an answer and as a stream', async () => {
    assert.equal((await check('')).status, 'SERVING');
    assert.equal((await check(SERVICE.fullName)).status, 'SERVING');
    await assert.rejects(check('unknown'), { code: status.NOT_FOUND });
    const { path, requestSerialize, responseDeserialize } = healthMethod('Watch');
    const watched = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, {
      service: '',
    });
    const [first] = (await watched.take(1).toArray()) as [HealthAnswer];
    assert.equal(first.status, 'SERVING');
  });

  for (const path of [
    '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
    '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
    '/grpc.health.v1.Health/Check',
    '/grpc.health.v1.Health/Watch',
  ]) {
    it(`refuse what is no message of ${path}, and go on`, async () => {
      const call = client.makeBidiStreamRequest(path, passOn, passOn);
      const refused = new Promise<ServiceError>((resolve) => call.on('error', resolve));
      call.on('data', () => undefined).end(Buffer.from([0xff, 0xff, 0xff]));
      assert.equal((await refused).code, status.INVALID_ARGUMENT);
      assert.ok((await reflect('v1', { listServices: '' })).listServicesResponse);
      assert.equal((await check('')).status, 'SERVING');
    });
  }

  async function reflect(version: 'v1' | 'v1alpha', request: object): Promise<ReflectionAnswer> {
    const { path, requestSerialize, responseDeserialize } = methodOf<ReflectionAnswer>(
      join(REFLECTION, 'proto'),
      `grpc/reflection/${version}/reflection.proto`,
      `grpc.reflection.${version}.ServerReflection`,
      'ServerReflectionInfo',
    );
    const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    stream.write(request);
    const answer = await new Promise<ReflectionAnswer>((resolve, reject) => {
      stream.on('data', resolve).on('error', reject);
    });
    stream.end();
    return answer;
  }

  const healthMethod = (method: string) =>
    methodOf<HealthAnswer>(join(HEALTH, 'proto'), 'health/v1/health.proto', 'grpc.health.v1.Health', method);

  function check(service: string): Promise<HealthAnswer> {
    const { path, requestSerialize, responseDeserialize } = healthMethod('Check');
    return new Promise<HealthAnswer>((resolve, reject) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, (error, answer) =>
        error ? reject(error) : resolve(answer as HealthAnswer),
      );
    });
  }
});
