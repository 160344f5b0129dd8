import { npmCommand, read } from '../command-line/command-line.js';
import { connect } from '../client/connect.js';
import { runTool } from '../client/run-tool.js';

read(npmCommand('admin-token', 'Prints an access token of the admin of the running shop, for curl.'));

/**
 * Prints an access token of the admin, for curl. At the first sign-in it replaces the generated password.
 * Usage: npm run --silent admin-token
 */
await runTool(async () => {
  const { tokens } = await connect();
  console.log(tokens.read()?.accessToken);
  return 0;
});
