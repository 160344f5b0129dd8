import { Command } from 'commander';
import { readAdmin } from '../operators/admin-sign-in.js';
import { OperatorClient } from '../operators/operator-client.js';
import { serveMcp } from '../mcp/serve-mcp.js';
import { toolsFor } from '../mcp/tools.js';

interface McpOptions {
  readonly url: string;
  readonly allowWrites?: boolean;
}

const EXAMPLES = `
Examples:
  $ fissile mcp                                  of the product that runs on this machine
  $ fissile mcp --url https://ops.example:3001   the port of operators of another
  $ fissile mcp --allow-writes                   may also retry, abort, replay, discard and move

A coding agent starts it, and talks to it over standard input and output. It signs in as the admin of ADMIN_EMAIL and
ADMIN_PASSWORD (with ADMIN_CODE for a second factor), by the access token in ADMIN_TOKEN, or as the admin whose generated password
is in DATA_DIR. It needs the package @modelcontextprotocol/server.`;

/** A server of the Model Context Protocol for what operators see and do. */
export function mcpCommand(): Command {
  return new Command('mcp')
    .description('Lets a coding agent look into a running product, by the Model Context Protocol')
    .option('--url <url>', 'where its gateway serves operators', 'http://127.0.0.1:3000')
    .option('--allow-writes', 'offers tools that change something too')
    .addHelpText('after', EXAMPLES)
    .action(async ({ url, allowWrites = false }: McpOptions) => {
      const client = new OperatorClient(url, readAdmin(process.env));
      await serveMcp(client, toolsFor({ allowWrites }));
    });
}
