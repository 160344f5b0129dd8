import { missingPackages, requirePackages } from '@fissile/kit/host';
import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import { knownSecrets } from '../logging/known-secrets.js';
import { redactor } from '../logging/redaction.js';
import { TRACING_SDK } from '../otlp/signals.js';
import { TracingSettings } from '../tracing/tracing.settings.js';
import { lineBounds, RecentTelemetrySettings, spanBounds } from './recent.settings.js';
import { RecentLines } from './recent-lines.js';
import { RecentSpans } from './recent-spans.js';

/** What this process has kept of its traces and logs, for operators who have no collector. */
export class RecentTelemetry {
  private constructor(
    readonly spans: RecentSpans,
    readonly lines: RecentLines,
  ) {}

  /** Of a process that keeps nothing. */
  static off(): RecentTelemetry {
    const nothing = { items: 0, ageMs: 0 };
    return new RecentTelemetry(new RecentSpans(nothing, redactor([])), new RecentLines(nothing, ''));
  }

  /**
   * A product without the SDK of OpenTelemetry has no traces.
   * @param instance names the process among all
   * @throws MissingPackagesError when RECENT_SPANS asks for them nevertheless
   */
  static of(loaded: LoadedSettings, instance: string): RecentTelemetry {
    const settings = settingsOf(RecentTelemetrySettings, loaded);
    const { OTEL_TRACES_SAMPLER } = settingsOf(TracingSettings, loaded);
    // Said explicitly, it must be possible; by default, it is done where it is.
    if ((settings.RECENT_SPANS ?? 0) > 0) requirePackages('RECENT_SPANS', TRACING_SDK);
    const spans = spanBounds(settings);
    const canTrace =
      spans.items > 0 && OTEL_TRACES_SAMPLER !== 'always_off' && missingPackages(TRACING_SDK).length === 0;
    return new RecentTelemetry(
      new RecentSpans(canTrace ? spans : { ...spans, items: 0 }, redactor(knownSecrets(loaded))),
      new RecentLines(lineBounds(settings), instance),
    );
  }
}
