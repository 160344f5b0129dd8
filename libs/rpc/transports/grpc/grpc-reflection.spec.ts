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
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { addReflection } from './grpc-reflection.js';
import { passOn } from './service-package.js';

interface Answer {
  readonly listServicesResponse: { readonly service: readonly { readonly name: string }[] };
  readonly fileDescriptorResponse: { readonly fileDescriptorProto: readonly Buffer[] };
}

const require = createRequire(import.meta.url);
const PACKAGE = dirname(require.resolve('@grpc/reflection/package.json'));
/** One of the kit's own, whose .proto file is in the package. */
const SERVICE = { name: 'Events', fullName: 'fissile.events.v1.Events', methods: ['Deliver'] };

const isLoaded = (): boolean =>
  Object.keys(require.cache).some((path) => path.startsWith(join(PACKAGE, 'build')));

describe('Reflection over gRPC', () => {
  const server = new Server();
  let address: string;

  before(async () => {
    addReflection(server, [SERVICE], undefined);
    const port = await promisify(server.bindAsync.bind(server))(
      '127.0.0.1:0',
      ServerCredentials.createInsecure(),
    );
    address = `127.0.0.1:${port}`;
  });

  after(() => server.forceShutdown());

  it('is loaded when it is asked for, and not before', async () => {
    assert.ok(!isLoaded());
    await ask('v1', { listServices: '' });
    assert.ok(isLoaded());
  });

  for (const version of ['v1', 'v1alpha'] as const) {
    it(`lists the services and shows a file, in ${version}`, async () => {
      const { listServicesResponse } = await ask(version, { listServices: '' });
      assert.deepEqual(
        listServicesResponse.service.map(({ name }) => name),
        [SERVICE.fullName],
      );
      const { fileDescriptorResponse } = await ask(version, { fileContainingSymbol: SERVICE.fullName });
      assert.match(String(fileDescriptorResponse.fileDescriptorProto[0]), /Deliver/);
    });

    it(`refuses what is no message of it, in ${version}, and goes on`, async () => {
      const client = new Client(address, credentials.createInsecure());
      const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
      const call = client.makeBidiStreamRequest(path, passOn, passOn);
      const refused = new Promise<ServiceError>((resolve) => call.on('error', resolve));
      call.on('data', () => undefined).write(Buffer.from([0xff, 0xff, 0xff]));
      assert.equal((await refused).code, status.INVALID_ARGUMENT);
      client.close();
      assert.ok((await ask(version, { listServices: '' })).listServicesResponse);
    });
  }

  async function ask(version: 'v1' | 'v1alpha', request: object): Promise<Answer> {
    const file = `grpc/reflection/${version}/reflection.proto`;
    const definition = loadSync(file, { includeDirs: [join(PACKAGE, 'build/proto')] });
    const service = definition[`grpc.reflection.${version}.ServerReflection`] as ServiceDefinition;
    const { path, requestSerialize, responseDeserialize } = service[
      'ServerReflectionInfo'
    ] as MethodDefinition<object, Answer>;
    const client = new Client(address, credentials.createInsecure());
    const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    try {
      return await new Promise<Answer>((resolve, reject) => {
        stream.on('data', resolve).on('error', reject);
        stream.write(request);
      });
    } finally {
      stream.end();
      client.close();
    }
  }
});
