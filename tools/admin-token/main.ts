import { connect } from '../client/connect.js';
import { runTool } from '../client/run-tool.js';

/**
 * Prints an access token of the admin, for curl. At the first sign-in it replaces the generated password.
 * Usage: npm run --silent admin-token
 */
await runTool(async () => {
  const { tokens } = await connect();
  console.log(tokens.read()?.accessToken);
  return 0;
});
