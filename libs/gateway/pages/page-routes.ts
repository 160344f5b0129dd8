import fastifyStatic from '@fastify/static';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Product } from '@fissile/kit/contract';
import { ERRORS_PATH, HttpSettings } from '@fissile/kit/http';
import { errorEntries, errorsToHtml } from './errors-page.js';
import { SignInOptions } from './sign-in.js';
import { ICON, startPageOf, toHtml } from './start-page.js';

/** Pages as files: `<name>.html` for each, with the scripts and styles that they load in `assets/`. */
export class PageFiles {
  constructor(
    readonly folder: string,
    /** Each page is served at `/<name>`. */
    readonly names: readonly string[],
  ) {}
}

const FILE_NAME = /^[\w-]+(\.[\w-]+)+$/;

/** Asset names contain a hash of their content. */
const FOR_EVER = { maxAge: '365d', immutable: true };

/**
 * Allow scripts and styles only from files of this origin, so that injected content is not executed.
 * @param origins where the page may send requests to, beside this origin
 */
const contentPolicy = (origins: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    ["connect-src 'self'", ...origins].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join(';');

const NOT_BUILT = `<!doctype html>
<html lang="en"><title>Not built</title>
<h1>This page has not been built</h1>
<p>Run <code>npm run build</code>, and load it again. <code>npm start</code> does both. The API is at <a href="/docs">/docs</a>.</p>
</html>`;

/** How people sign in: a page asks for it before it has a token. */
const SIGN_IN = '/sign-in.json';

/** The token of all PageFiles that a gateway serves. */
export const ALL_PAGES = Symbol('ALL_PAGES');

/** Serves the pages, which are static files that use the public API. */
@Injectable()
export class PageRoutes implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly signIn: SignInOptions,
    private readonly product: Product,
    private readonly settings: HttpSettings,
    @Inject(ALL_PAGES) private readonly pages: readonly PageFiles[],
  ) {}

  onModuleInit(): void {
    const folders = this.pages.map(({ folder }) => folder);
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    // Fastify loads this when it starts: awaiting it would start Fastify before Nest has registered the rest.
    void fastify.register(async (scope) => {
      await scope.register(fastifyStatic, { root: folders, serve: false });
      for (const { folder, names } of this.pages) {
        for (const page of names) {
          for (const url of [`/${page}`, `/${page}/`]) {
            scope.get(url, async (_request, reply) =>
              sendPage(folder, `${page}.html`, reply, await this.signIn.origins()),
            );
          }
        }
      }
      // Unless the product has a route of its own there.
      if (!fastify.hasRoute({ method: 'GET', url: '/' })) {
        scope.get('/', (request, reply) => this.sendStartPage(request, reply));
      }
      if (!fastify.hasRoute({ method: 'GET', url: ERRORS_PATH })) {
        scope.get(ERRORS_PATH, (request, reply) => this.sendErrors(request, reply));
      }
      scope.get('/favicon.ico', (_request, reply) =>
        reply.header('Cache-Control', 'max-age=86400').type('image/svg+xml').send(ICON),
      );
      scope.get(SIGN_IN, async (_request, reply) => {
        void reply.header('Cache-Control', 'no-store');
        return this.signIn.describe();
      });
      // Searched in all folders: names contain a hash of the content, so what two have by the same name is the same.
      scope.get<{ Params: { file: string } }>('/assets/:file', ({ params: { file } }, reply) =>
        FILE_NAME.test(file) ? reply.sendFile(join('assets', file), FOR_EVER) : reply.callNotFound(),
      );
    });
  }

  private sendStartPage({ headers, socket }: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { ADMIN_PORT } = this.settings;
    const page = startPageOf(this.product, ADMIN_PORT === undefined || socket.localPort === ADMIN_PORT);
    return sendAsAccepted(headers, reply, page, () => toHtml(page));
  }

  private sendErrors({ headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
    const errors = errorEntries();
    return sendAsAccepted(headers, reply, { errors }, () => errorsToHtml(this.product.name, errors));
  }
}

/** A page for browsers, and JSON for everybody else. */
function sendAsAccepted(
  { accept }: FastifyRequest['headers'],
  reply: FastifyReply,
  data: object,
  toPage: () => string,
): FastifyReply {
  void reply.header('Vary', 'Accept');
  if (accept?.includes('text/html') !== true) return reply.send(data);
  return reply.type('text/html; charset=utf-8').send(toPage());
}

function sendPage(
  folder: string,
  file: string,
  reply: FastifyReply,
  origins: readonly string[],
): FastifyReply {
  // Replaces the policy that all other responses have.
  void reply.header('Content-Security-Policy', contentPolicy(origins));
  if (existsSync(join(folder, file))) {
    return reply.header('Cache-Control', 'no-cache').sendFile(file, folder, { cacheControl: false });
  }
  return reply.code(503).type('text/html').send(NOT_BUILT);
}
