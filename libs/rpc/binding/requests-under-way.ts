import { Injectable } from '@nestjs/common';
import type { Component } from '@fissile/kit/contract';

/** Counts the calls and requests that this process has taken for each of its contexts and not answered yet. */
@Injectable()
export class RequestsUnderWay {
  private readonly counts = new Map<Component, number>();
  private readonly waiting = new Map<Component, (() => void)[]>();

  /** @returns what ends it; the first call counts */
  begin(context: Component): () => void {
    this.counts.set(context, this.of(context) + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.end(context);
    };
  }

  of(context: Component): number {
    return this.counts.get(context) ?? 0;
  }

  /** Resolves when there is none, at once where that is so now. */
  async whenNone(context: Component): Promise<void> {
    if (this.of(context) === 0) return;
    await new Promise<void>((resolve) => {
      this.waiting.set(context, [...(this.waiting.get(context) ?? []), resolve]);
    });
  }

  private end(context: Component): void {
    const left = this.of(context) - 1;
    this.counts.set(context, left);
    if (left > 0) return;
    const waiting = this.waiting.get(context) ?? [];
    this.waiting.delete(context);
    for (const resolve of waiting) resolve();
  }
}
