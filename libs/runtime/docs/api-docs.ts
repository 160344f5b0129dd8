import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { type AsyncApiDocument, describeEvents, knownErrorCodes, Product } from '@fissile/kit/contract';
import { Problem } from '@fissile/kit/http';
import { ApiDocsAssembly } from './api-docs-assembly.js';
import { DOCS_JSON, EVENTS_JSON } from './api-docs-path.js';
import { signInFormPlugin, signInPlugin, signInRequestPlugin } from './sign-in-plugin.js';
import { tagsOf } from './tags.js';

/** At the edge, Swagger UI at /docs, the OpenAPI document of all contexts and the AsyncAPI document of their events; behind it, the document of those here. */
export function serveApiDocs(app: NestFastifyApplication, { isEdge }: { isEdge: boolean }): void {
  let built: OpenAPIObject | undefined;
  // Only when somebody asks: it would take an eighth of each start.
  const own = () => (built ??= describeApi(app, app.get(Product)));
  const fastify = app.getHttpAdapter().getInstance();
  if (!isEdge) {
    fastify.get(DOCS_JSON, own);
    return;
  }
  // Every process knows the events of all contexts.
  let events: AsyncApiDocument | undefined;
  fastify.get(EVENTS_JSON, () => (events ??= describeEvents(app.get(Product))));
  const assembly = app.get(ApiDocsAssembly);
  assembly.begin(own);
  fastify.addHook('onRequest', async ({ url }) => {
    if (/^\/docs(-json|\/|$)/.test(url)) await assembly.refresh();
  });
  SwaggerModule.setup('docs', app, own, {
    customSiteTitle: `${app.get(Product).name} API`,
    // A token that is kept in the browser outlives the tab, and any script of the page could read it.
    swaggerOptions: {
      persistAuthorization: false,
      tagsSorter: 'alpha',
      plugins: [signInRequestPlugin, signInFormPlugin, signInPlugin],
    },
    patchDocumentOnRequest: () => assembly.document,
  });
}

/** The OpenAPI document of what an app hosts. */
export function describeApi(app: NestFastifyApplication, product: Product): OpenAPIObject {
  const { name, description } = product;
  const config = new DocumentBuilder()
    .setTitle(name)
    .setDescription(description)
    .setVersion('1.0')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  const problem = z.toJSONSchema(Problem, { target: 'openapi-3.0' });
  delete problem.$schema;
  Object.assign(problem.properties?.['code'] ?? {}, { 'x-extensible-enum': knownErrorCodes() });
  // Of the whole product in each process: the edge takes the paths of all.
  document.tags = tagsOf(product);
  document.components ??= {};
  document.components.schemas = { ...document.components.schemas, Problem: problem as never };
  return document;
}
