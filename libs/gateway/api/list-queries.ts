import { z } from 'zod';
import { Id, madeQuery, textLine, Words } from '@fissile/kit/http';

/** The filter of an exact text, such as a name. */
export const ExactText = textLine(200);

/** Which sagas, but for their context, which the product names. */
export const sagaFilter = {
  status: z.enum(['running', 'compensating', 'completed', 'compensated']).optional(),
  name: ExactText.optional().meta({ description: 'The name of the saga', example: 'place-visit' }),
  id: ExactText.optional().meta({ description: 'The id of the saga, or of what it is about' }),
  ...madeQuery,
};

/** Which dead letters, but for their context. */
export const deadLetterFilter = {
  type: ExactText.optional().meta({ description: 'The type of the event' }),
  id: Id.optional().meta({ description: 'The id of the dead letter, or of the event' }),
  text: Words.optional().meta({ description: 'Words of the reason, each from its beginning on' }),
  ...madeQuery,
};
