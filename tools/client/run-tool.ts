import { ApiProblem, ApiUnreachable } from '@fissile/client';
import { ToolError } from './tool-error.js';

/** Runs a tool: its result is the exit code; it reports an expected error in one line, with exit code 1. */
export async function runTool(tool: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await tool();
  } catch (error) {
    console.error(explained(error));
    process.exitCode = 1;
  }
}

function explained(error: unknown): string {
  if (error instanceof ApiUnreachable) {
    return `${error.message}. Start a shop with npm start, or set FISSILE_URL.`;
  }
  if (error instanceof ToolError || error instanceof ApiProblem) return error.message;
  throw error;
}
