import dns2 from 'dns2';

/** What a name is answered with: addresses, or what goes wrong. */
export type Records = readonly string[] | 'NXDOMAIN' | 'SERVFAIL' | 'silence';

const RCODES = { NXDOMAIN: 3, SERVFAIL: 2 };
const { Packet } = dns2;

/** A name server on a port of this machine. */
export class NameServer {
  /** How often each name was asked for, for addresses of IPv4. */
  readonly asked = new Map<string, number>();
  private readonly records = new Map<string, { records: Records; ttl: number }>();
  private readonly server = dns2.createUDPServer((request, send) => {
    const response = Packet.createResponseFromRequest(request);
    const [question] = request.questions;
    const name = question?.name ?? '';
    const { records, ttl } = this.records.get(name) ?? { records: 'NXDOMAIN' as const, ttl: 0 };
    const isIpv4 = question?.type === Packet.TYPE.A;
    if (isIpv4) this.asked.set(name, this.timesAsked(name) + 1);
    if (records === 'silence') return;
    if (records === 'NXDOMAIN' || records === 'SERVFAIL') response.header.rcode = RCODES[records];
    else if (isIpv4) {
      for (const address of records) {
        response.answers.push(
          new Packet.Resource({ name, type: Packet.TYPE.A, class: Packet.CLASS.IN, ttl, address }),
        );
      }
    }
    void send(response);
  });

  /** Returns its address, with its port. */
  async start(): Promise<string> {
    await this.server.listen(0, '127.0.0.1');
    return `127.0.0.1:${this.server.address().port}`;
  }

  set(name: string, records: Records, ttl = 0): void {
    this.records.set(name, { records, ttl });
  }

  timesAsked(name: string): number {
    return this.asked.get(name) ?? 0;
  }

  stop(): Promise<void> {
    return new Promise((closed) => this.server.close(() => closed()));
  }
}
