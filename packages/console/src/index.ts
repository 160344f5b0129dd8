import './shared/styles.css';

/** What other pages of a product may use: they then look and behave like the console. */
export { Badge } from './shared/badge.tsx';
export { type FilterField, FilterForm, Filters, TextFilter } from './shared/filters.tsx';
export { FormField, placeFaults, FieldFault } from './shared/form-field.tsx';
export { count, minorUnits, money, type Money, shortId, tabTitle, typedAmount } from './shared/format.ts';
export { Frame, SignedInPage } from './shared/frame.tsx';
export { IdLink } from './shared/id-link.tsx';
export { useLiveList } from './shared/live-list.ts';
export { LiveTable } from './shared/live-table.tsx';
export { Fault, Notice, Say, useNotice, useSay } from './shared/notices.tsx';
export { PagedTable, usePages } from './shared/paged.tsx';
export { type SessionWatch, productOfThisPage, messageOf, useSignedIn } from './shared/product-api.ts';
export { isBackFromSignIn, ProviderSession } from './shared/oidc.ts';
export { type AppSecret, RecoveryCodes, SecondFactorSetUp } from './shared/second-factor-set-up.tsx';
export { SessionEnd } from './shared/session-end.tsx';
export { SignInForm } from './shared/sign-in.tsx';
export { SignInWays } from './shared/sign-in-ways.tsx';
export { ScrollTable } from './shared/scroll-table.tsx';
export { SureButton } from './shared/sure-button.tsx';
export { TimelinePicture } from './shared/timeline.tsx';
export { Time } from './shared/time.tsx';
export { useEvery, useLoaded } from './shared/use-loaded.ts';
export { addressWith, type Query, useQuery } from './shared/use-query.ts';
export { useSubmit } from './shared/use-submit.ts';
export { useHeadingFocus, useRoute } from './shared/use-route.ts';
export { Waterfall } from './shared/waterfall.tsx';
