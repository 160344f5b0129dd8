import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { ApiProblems } from '../api-problems.js';

/** Who may call a route. Each route must say so: the start is refused otherwise. */
export type Access = 'public' | 'user' | 'admin';

export const ACCESS = 'fissile:access';

/** Anyone may call it; a token is neither needed nor verified. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(ACCESS, 'public' satisfies Access);

/** A valid access token is needed. */
export const SignedIn = (): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, 'user' satisfies Access),
    ApiBearerAuth(),
    ApiProblems('unauthenticated'),
  );

/** A valid access token of an admin is needed. */
export const AdminOnly = (): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, 'admin' satisfies Access),
    ApiBearerAuth(),
    ApiProblems('unauthenticated', 'forbidden'),
  );
