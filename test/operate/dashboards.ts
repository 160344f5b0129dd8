import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly gridPos: Rectangle;
  readonly links?: readonly { readonly url: string }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[];
}

export interface Dashboard {
  readonly file: string;
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly definition?: string }[];
  };
}

export function dashboards(): Dashboard[] {
  return globSync('deploy/grafana/dashboards/*.json')
    .sort()
    .map((path) => ({
      ...(JSON.parse(readFileSync(path, 'utf8')) as Omit<Dashboard, 'file'>),
      file: basename(path),
    }));
}

/** The query as Grafana sends it, with an interval of its choice. */
export function withInterval(expr: string): string {
  return expr.replaceAll('$__rate_interval', '1m');
}

/** Every query of the dashboard, with its location. */
export function queriesOf({ panels, annotations }: Dashboard): { where: string; expr: string }[] {
  const ofPanels = panels.flatMap(({ title = '', targets = [] }) =>
    targets.map(({ expr }) => ({ where: title, expr: withInterval(expr) })),
  );
  return [...ofPanels, ...annotations.list.map(({ expr }) => ({ where: 'annotations', expr }))];
}

export function overlaps({ gridPos: one }: Panel, { gridPos: other }: Panel): boolean {
  const apart =
    one.x + one.w <= other.x ||
    other.x + other.w <= one.x ||
    one.y + one.h <= other.y ||
    other.y + other.h <= one.y;
  return !apart;
}
