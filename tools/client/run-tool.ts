import { ApiProblem, ToolError } from './api-problem.js';

/** Runs a tool: its result is the exit code; a fault that it expects is told in one line, with exit code 2. */
export async function runTool(tool: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await tool();
  } catch (error) {
    if (!(error instanceof ToolError) && !(error instanceof ApiProblem)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
