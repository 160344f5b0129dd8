export { postgresVersion } from './machine.js';
export { readOptions } from './options.js';
export type { Cell, Column, Report, ReportTable } from './report.js';
export { writeReport } from './write-report.js';
