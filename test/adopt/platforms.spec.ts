import {
  Controller,
  Get,
  Global,
  type INestApplication,
  Injectable,
  Module,
  Post,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import assert from 'node:assert/strict';
import { after, before, describe, it, mock } from 'node:test';
import { AccessTokenVerifier } from '@fissile/kit/auth';
import { ContextError, defineContext, defineProduct, Operations } from '@fissile/kit/contract';
import { Public, SignedIn } from '@fissile/kit/http';
import { type ApplicationAsyncOptions, type ApplicationOptions, FissileModule } from '@fissile/kit/nest';
import { currentCall } from '@fissile/kit/request';
import { ContractBinding, implement, TransportSettings } from '@fissile/kit/rpc';

const product = defineProduct({
  name: 'Hosted',
  description: 'A context with routes, in an application.',
  contexts: [defineContext({ name: 'app' }), defineContext({ name: 'billing', contract: Operations })],
});

@Injectable()
class BillingHandler {
  async recordRefusal(): Promise<never> {
    throw ContextError.of('saga_not_found');
  }
}

/** What a call by contract would carry on, after an await. */
async function contextOfCall(): Promise<object> {
  await Promise.resolve();
  const { requestId, traceId, caller, deadline, cancellation } = currentCall() ?? {};
  const isLimited = deadline !== undefined && deadline > Date.now() && cancellation !== undefined;
  return { requestId, traceId, userId: caller?.userId, isLimited };
}

@Controller('billing')
class BillingController {
  @Public()
  @Get('open')
  open(): string {
    throw ContextError.of('unavailable', 'Not now', { retryAfter: 7 });
  }

  @Public()
  @Post('context')
  context(): object {
    return contextOfCall();
  }

  @SignedIn()
  @Get('closed')
  closed(): string {
    return 'secret';
  }
}

@Module({
  controllers: [BillingController],
  providers: [BillingHandler, implement(Operations, 'billing', BillingHandler as never)],
})
class BillingModule {
  static readonly context = 'billing';
}

@Controller()
class OwnController {
  constructor(private readonly binding: ContractBinding) {}

  @Get('own')
  own(): object {
    return { says: 'nothing of who may call it' };
  }

  @Post('context')
  context(): Promise<object> {
    return contextOfCall();
  }

  @Get('calls')
  calls(): Promise<object> {
    return this.binding.client(Operations, 'billing').recordRefusal({ route: '/', reason: '', omitted: 0 });
  }

  @Get('fails')
  fails(): never {
    throw new Error('of the application');
  }
}

const PARTS = { application: 'app', modules: [BillingModule] };

function rootOf(fissile: ReturnType<typeof FissileModule.forRoot>): Type {
  @Module({ imports: [fissile], controllers: [OwnController] })
  class RootModule {}
  return RootModule;
}

const withOptions = (options: ApplicationOptions = PARTS) => rootOf(FissileModule.forRoot(product, options));
const withFactory = (options: ApplicationAsyncOptions) =>
  rootOf(FissileModule.forRootAsync(product, options));
const quiet = { logger: false, abortOnError: false } as const;

for (const [platform, adapterOf] of [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
] as const) {
  describe(`A context in an application on ${platform}`, () => {
    let app: INestApplication;

    before(async () => {
      app = await NestFactory.create(withOptions(), adapterOf(), quiet);
      app.setGlobalPrefix('v1');
      await app.listen(0, '127.0.0.1');
    });

    after(() => app.close());

    const get = async (path: string) => {
      const response = await fetch(`${await app.getUrl()}/v1${path}`);
      const body = (await response.json()) as Record<string, unknown>;
      const type = response.headers.get('content-type')?.split(';')[0];
      return { status: response.status, type, body, retryAfter: response.headers.get('retry-after') };
    };

    it('answers its errors with their status, as a problem', async () => {
      const { body, ...answer } = await get('/billing/open');
      assert.deepEqual(answer, { status: 503, type: 'application/problem+json', retryAfter: '7' });
      assert.equal(body['code'], 'unavailable');
      assert.equal(body['detail'], 'Not now');
      const called = await get('/calls');
      assert.deepEqual([called.status, called.body['code']], [404, 'saga_not_found']);
    });

    it("leaves all other errors to the application's filters", async () => {
      assert.deepEqual((await get('/fails')).body, { statusCode: 500, message: 'Internal server error' });
      assert.deepEqual((await get('/nowhere')).body['error'], 'Not Found');
    });

    it('holds its own routes to their policy, and no other route', async () => {
      const { status, body } = await get('/billing/closed');
      assert.deepEqual([status, body['code']], [401, 'unauthenticated']);
      assert.equal((await get('/own')).status, 200);
    });

    it('gives each request, on hosted and own routes, what its calls carry on', async () => {
      const verify = mock.method(AccessTokenVerifier.prototype, 'verify', async (authorization?: string) => {
        if (authorization !== 'Bearer good') throw ContextError.of('unauthenticated');
        return { userId: 'ada', sessionId: 's', roles: [] };
      });
      const post = async (path: string, token: string) => {
        const response = await fetch(`${await app.getUrl()}/v1${path}`, {
          method: 'POST',
          body: JSON.stringify({ large: 'x'.repeat(50_000) }),
          headers: {
            'content-type': 'application/json',
            'x-request-id': 'of-the-proxy',
            traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`,
            authorization: `Bearer ${token}`,
          },
        });
        return response.json();
      };
      try {
        const expected = { requestId: 'of-the-proxy', traceId: 'ab'.repeat(16), isLimited: true };
        assert.deepEqual(await post('/context', 'good'), { ...expected, userId: 'ada' });
        assert.deepEqual(await post('/context', "of the application's own"), expected);
        assert.deepEqual(await post('/billing/context', 'good'), expected);
      } finally {
        verify.mock.restore();
      }
    });

    it('adds no route of the kit', async () => {
      for (const path of ['/health', '/metrics', '/docs']) assert.equal((await get(path)).status, 404, path);
      assert.ok(
        app.get(HttpAdapterHost).httpAdapter instanceof
          (platform === 'Express' ? ExpressAdapter : FastifyAdapter),
      );
    });
  });
}

describe('The start of an application that hosts contexts', () => {
  it('is refused for a route of a context that does not say who may call it', async () => {
    @Controller('forgotten')
    class ForgottenController {
      @Get()
      forgotten(): void {}
    }
    @Module({ controllers: [ForgottenController] })
    class ForgetfulModule {
      static readonly context = 'billing';
    }
    const root = withOptions({ application: 'app', modules: [ForgetfulModule] });
    const app = await NestFactory.create(root, new ExpressAdapter(), quiet);
    try {
      await assert.rejects(app.init(), /declare no access policy: ForgottenController\.forgotten$/);
    } finally {
      await app.close();
    }
  });

  it('is refused for a context that the product does not have', () => {
    assert.throws(() => withOptions({ application: 'ap' }), /Hosted has no context ap/);
  });

  it('names every setting that is wrong, given in options or by a factory', async () => {
    const settings = { CALL_TIMEOUT_MS: 'soon', TRANSPORT: 'pigeon' };
    for (const root of [
      withOptions({ ...PARTS, settings }),
      withFactory({ ...PARTS, useFactory: async () => ({ settings }) }),
    ]) {
      await assert.rejects(
        NestFactory.create(root, new ExpressAdapter(), quiet),
        (error: Error) => /CALL_TIMEOUT_MS/.test(error.message) && /TRANSPORT/.test(error.message),
      );
    }
  });

  it('is refused for a context on two DataSources, whatever other applications have', async () => {
    const never = () => new Promise<never>(() => undefined);
    @Global()
    @Module({
      providers: [
        { provide: 'one', useFactory: never },
        { provide: 'two', useFactory: never },
      ],
      exports: ['one', 'two'],
    })
    class DataSourcesModule {}
    const [one, two, again] = ['one', 'two', 'one'].map((dataSource) =>
      FissileModule.forContext('app', { dataSource }),
    );
    assert.ok(one && two);
    assert.equal(one, again);
    @Module({ imports: [DataSourcesModule, FissileModule.forRoot(product, PARTS), one, two] })
    class RootModule {}
    await assert.rejects(
      NestFactory.create(RootModule, new ExpressAdapter(), quiet),
      /app is on two DataSources; expected one/,
    );
  });

  it('reads settings from a factory with what is injected into it', async () => {
    @Module({
      providers: [{ provide: 'timeout', useValue: '1234' }],
      exports: ['timeout'],
    })
    class OwnConfigModule {}
    const root = withFactory({
      ...PARTS,
      imports: [OwnConfigModule],
      inject: ['timeout'],
      useFactory: (timeout: string) => ({ settings: { CALL_TIMEOUT_MS: timeout } }),
    });
    const app = await NestFactory.create(root, new ExpressAdapter(), quiet);
    assert.equal(app.get(TransportSettings, { strict: false }).CALL_TIMEOUT_MS, 1234);
    await app.close();
  });

  it('is refused when a factory moves contexts after Nest has put the modules together', async () => {
    const root = withFactory({ ...PARTS, useFactory: () => ({ settings: { HOSTS: 'billing' } }) });
    await assert.rejects(
      NestFactory.create(root, new ExpressAdapter(), quiet),
      /config\/topology\.yaml|HOSTS/,
    );
  });
});
