import { type FactoryProvider, Injectable, type Type } from '@nestjs/common';
import { type ContextName, Product } from '@fissile/kit/contract';
import type { PersonalRecords } from './personal-records.js';

/** The contexts of this process that keep something of people in their own tables. */
@Injectable()
export class PersonalDataKeepers {
  private readonly byContext = new Map<ContextName, PersonalRecords>();

  constructor(private readonly product: Product) {}

  add(context: ContextName, records: PersonalRecords): void {
    if (this.byContext.has(context)) throw new Error(`${context} has two classes for its personal data`);
    this.byContext.set(context, records);
  }

  find(context: ContextName): PersonalRecords | undefined {
    return this.byContext.get(context);
  }

  /** @throws Error when the context says that it keeps something of people and cannot forget it, or the other way round */
  check(context: ContextName): void {
    const { personal } = this.product.get(context);
    const isKept = this.byContext.has(context);
    if (personal.length > 0 && !isKept) {
      throw new Error(
        `${context} keeps personal data by its description, and nothing forgets it; ` +
          `expected keepsPersonalData('${context}', …) among the providers of its module`,
      );
    }
    if (personal.length === 0 && isKept) {
      throw new Error(
        `${context} has a class for personal data, and its description has none; expected \`personal\` to say what is kept`,
      );
    }
  }
}

/** The provider that registers a class of the module as what exports and erases the personal data of the context. */
export function keepsPersonalData(
  context: ContextName,
  records: Type<PersonalRecords>,
): FactoryProvider<void> {
  return {
    provide: `personal data of ${context}`,
    inject: [PersonalDataKeepers, records],
    useFactory: (keepers: PersonalDataKeepers, instance: PersonalRecords) => keepers.add(context, instance),
  };
}
