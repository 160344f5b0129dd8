import {
  type Client,
  credentials,
  type handleUnaryCall,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { type GetProductsRequest, type GetProductsResponse, Products } from '#contracts/products';
import { ANSWER, REQUEST } from '../sample.js';
import { type Call, readMeeting, standReady } from '../side.js';

/** Bare @grpc/grpc-js, with the same messages, encoded by the same code. */
interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

const { definition } = Products;
const { requestType, responseType } = definition.methods.getProducts;
const [request, response] = [
  requestType as Codec<GetProductsRequest>,
  responseType as Codec<GetProductsResponse>,
];
const service: ServiceDefinition = {
  getProducts: {
    path: `/${definition.fullName}/GetProducts`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (message: GetProductsRequest) => Buffer.from(request.encode(message).finish()),
    requestDeserialize: (bytes: Buffer) => request.decode(bytes),
    responseSerialize: (message: GetProductsResponse) => Buffer.from(response.encode(message).finish()),
    responseDeserialize: (bytes: Buffer) => response.decode(bytes),
  },
};
const { role, port } = readMeeting();

if (role === 'callee') {
  await serve();
  await standReady();
} else {
  await standReady(connect());
}

async function serve(): Promise<void> {
  const server = new Server();
  const getProducts: handleUnaryCall<GetProductsRequest, GetProductsResponse> = (_call, answer) =>
    answer(null, ANSWER);
  server.addService(service, { getProducts });
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    ),
  );
}

function connect(): Call {
  const Products = makeGenericClientConstructor(service, 'Products');
  const client = new Products(`127.0.0.1:${port}`, credentials.createInsecure()) as unknown as Client & {
    getProducts(message: GetProductsRequest, done: (error: Error | null, answer: unknown) => void): void;
  };
  return () =>
    new Promise((resolve, reject) =>
      client.getProducts(REQUEST, (error, answer) => (error ? reject(error) : resolve(answer))),
    );
}
