import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { Problem } from '#libs/http';

/** Serves Swagger UI at /docs and the OpenAPI document at /docs-json. */
export function serveApiDocs(app: NestFastifyApplication): void {
  const document = describeApi(app);
  SwaggerModule.setup('docs', app, document, {
    customSiteTitle: 'Fissile API',
    swaggerOptions: { persistAuthorization: true, tagsSorter: 'alpha' },
  });
}

function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Fissile')
    .setDescription('An online shop. Log in at /api/auth/login and give the access token to Authorize.')
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
  document.components ??= {};
  document.components.schemas = { ...document.components.schemas, Problem: problem as never };
  return document;
}
