import { RouteConfig } from '@nestjs/platform-fastify';

/** The name in the configuration of a route. */
export const RAW_BODY = 'rawBody';

/**
 * Gives the route its JSON body as the bytes that were sent, unparsed, such as to verify a signature over them:
 * `@Body() body: Buffer`. The route checks them itself.
 */
export const RawBody = (): MethodDecorator => RouteConfig({ [RAW_BODY]: true });
