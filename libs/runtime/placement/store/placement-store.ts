import { z } from 'zod';
import { type ConsulClient, ConsulWatch } from '@fissile/kit/config';
import { NOTHING_STORED, StoredMember, StoredPlacement, type StoreView } from './stored-placement.js';

const Entries = z.array(
  z.object({
    Key: z.string(),
    Value: z.string().nullable(),
    ModifyIndex: z.int(),
    Session: z.string().optional(),
  }),
);

type Entry = z.output<typeof Entries>[number];

/** What the store tells whoever watches it. */
export interface StoreListener {
  onChange(view: StoreView): void;
  onLost(reason: string): void;
  onFound(): void;
}

/** The placement in Consul: one key for what all follow, and one for each instance that runs. */
export class PlacementStore {
  constructor(
    private readonly client: ConsulClient,
    private readonly prefix: string,
  ) {}

  keyOfMember(process: string, instance: string): string {
    return `${this.prefix}/members/${process}/${instance}`;
  }

  /** @throws ConsulError when Consul does not answer, and another error when it says what is none of ours */
  async read(): Promise<StoreView> {
    const { body } = await this.client.ask(this.path);
    return this.viewOf(body);
  }

  watch(listener: StoreListener): ConsulWatch {
    return new ConsulWatch(this.client, this.path, {
      onChange: (body) => listener.onChange(this.viewOf(body)),
      onLost: (reason) => listener.onLost(reason),
      onFound: () => listener.onFound(),
    });
  }

  /**
   * Writes what all are to follow, unless somebody else has written since.
   * @param index of the view that it was made from
   * @returns whether it was written
   */
  async write(next: StoredPlacement, index: number): Promise<boolean> {
    const { body } = await this.client.ask(`/v1/kv/${this.stateKey}?cas=${index}`, {
      method: 'PUT',
      body: next,
    });
    return body?.trim() === 'true';
  }

  private get path(): string {
    return `/v1/kv/${this.prefix}/?recurse`;
  }

  private get stateKey(): string {
    return `${this.prefix}/state`;
  }

  private viewOf(body: string | undefined): StoreView {
    if (body === undefined) return NOTHING_STORED;
    const entries = Entries.parse(JSON.parse(body));
    const state = entries.find(({ Key }) => Key === this.stateKey);
    return {
      stored: state && this.placementIn(state),
      index: state?.ModifyIndex ?? 0,
      members: entries.filter((entry) => this.isAlive(entry)).flatMap(memberIn),
    };
  }

  /** @throws Error for what another program has written there, or a version of this one that is too new */
  private placementIn(state: Entry): StoredPlacement {
    const { data, error } = StoredPlacement.safeParse(contentOf(state));
    if (data) return data;
    const fields = error.issues.map(({ path }) => path.join('.'));
    throw new Error(`${this.stateKey} is no placement: see ${fields.join(', ')}`);
  }

  private isAlive({ Key, Session }: Entry): boolean {
    return Key.startsWith(`${this.prefix}/members/`) && Session !== undefined;
  }
}

/** None for an instance of another version of the kit, which says it differently. */
function memberIn(entry: Entry): StoredMember[] {
  const { data } = StoredMember.safeParse(contentOf(entry));
  return data ? [data] : [];
}

function contentOf({ Value }: Entry): unknown {
  return JSON.parse(Buffer.from(Value ?? '', 'base64').toString('utf8') || 'null');
}
