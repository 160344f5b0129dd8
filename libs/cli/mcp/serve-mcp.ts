import type * as sdk from '@modelcontextprotocol/server';
import type * as stdio from '@modelcontextprotocol/server/stdio';
import { MissingPackagesError, requirePackages } from '@fissile/kit/host';
import { CommandError } from '../command-error.js';
import type { OperatorClient } from '../operators/operator-client.js';
import type { Tool } from './tools.js';

/** No peer of the kit: npm would then install it in production too. */
const PACKAGE = '@modelcontextprotocol/server';

/**
 * Serves tools by the Model Context Protocol, over standard input and output.
 * @throws CommandError when its package is not installed
 */
export async function serveMcp(client: OperatorClient, tools: readonly Tool[]): Promise<void> {
  requireSdk();
  const { McpServer } = (await import(PACKAGE)) as typeof sdk;
  const { serveStdio } = (await import(`${PACKAGE}/stdio`)) as typeof stdio;
  serveStdio(() => {
    const server = new McpServer({ name: 'fissile', version: '1.0.0' });
    for (const tool of tools) register(server, client, tool);
    return server;
  });
}

function requireSdk(): void {
  try {
    requirePackages('fissile mcp', [PACKAGE]);
  } catch (error) {
    throw error instanceof MissingPackagesError ? new CommandError(error.message) : error;
  }
}

function register(server: sdk.McpServer, client: OperatorClient, tool: Tool): void {
  const { name, description, input, writes, request } = tool;
  const annotations = { readOnlyHint: !writes, destructiveHint: writes };
  server.registerTool(name, { description, inputSchema: input, annotations }, async (given) => {
    try {
      const answer = await client.send(request(given));
      return { content: [{ type: 'text', text: JSON.stringify(answer, null, 2) }] };
    } catch (error) {
      return { content: [{ type: 'text', text: (error as Error).message }], isError: true };
    }
  });
}
