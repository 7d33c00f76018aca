// Every request of the manager, typed by the server's own wire types.
import type {
  Album,
  AlbumPatch,
  Birthday,
  Birthdays,
  Comment,
  Family,
  FamilyOfMember,
  FrameAction,
  Frame,
  FramePatch,
  Invite,
  Me,
  Membership,
  MePatch,
  Page,
  PasswordChange,
  Photo,
  PhotoPatch,
  Role,
  Session,
  SignedIn,
  Signin,
  Signup,
  CheckAnswer,
  CheckItem,
  Timeline,
  Usage,
} from '$lib/api/gen/types';
import { acceptToken, forgetToken, publicRequest, request, requestBytes, sendBytes } from './http';

const PAGE = 100;
type Cursor = string | null | undefined;
const page = (cursor: Cursor) => ({ limit: PAGE, cursor: cursor ?? undefined });

export const account = {
  signUp: async (signup: Signup) => acceptToken(await publicRequest<SignedIn>('POST', '/v1/auth/signup', signup)),
  signIn: async (signin: Signin) => acceptToken(await publicRequest<SignedIn>('POST', '/v1/auth/signin', signin)),
  signOut: () => request('POST', '/v1/auth/signout', {}).finally(forgetToken),
  me: () => request<Me>('GET', '/v1/me'),
  change: (patch: MePatch) => request<unknown>('PATCH', '/v1/me', patch),
  changePassword: (change: PasswordChange) => request('PUT', '/v1/me/password', change),
  sessions: () => listOf<Session>('/v1/me/sessions'),
  revokeSession: (id: string) => request('DELETE', `/v1/me/sessions/${id}`),
};

export const families = {
  create: (name: string) => request<Family>('POST', '/v1/families', { name }),
  rename: (family: string, name: string) => request<unknown>('PATCH', `/v1/families/${family}`, { name }),
  members: (family: string) => listOf<Membership>(`/v1/families/${family}/members`),
  setRole: (family: string, member: string, role: Role) =>
    request<unknown>('PATCH', `/v1/families/${family}/members/${member}`, { role }),
  removeMember: (family: string, member: string) => request('DELETE', `/v1/families/${family}/members/${member}`),
  invite: (family: string, role: Role) => request<Invite>('POST', `/v1/families/${family}/invites`, { role }),
  acceptInvite: (code: string) => request<FamilyOfMember>('POST', `/v1/invites/${encodeURIComponent(code)}/accept`),
  birthdays: async (family: string) => (await request<Birthdays>('GET', `/v1/families/${family}/birthdays`)).birthdays,
  setBirthdays: (family: string, birthdays: Birthday[]) =>
    request<unknown>('PUT', `/v1/families/${family}/birthdays`, { birthdays }),
  usage: (family: string) => request<Usage>('GET', `/v1/families/${family}/usage`),
};

export const albums = {
  list: (family: string) => listOf<Album>(`/v1/families/${family}/albums`),
  create: (family: string, title: string) => request<Album>('POST', `/v1/families/${family}/albums`, { title }),
  get: (album: string) => request<Album>('GET', `/v1/albums/${album}`),
  change: (album: string, patch: AlbumPatch) => request<unknown>('PATCH', `/v1/albums/${album}`, patch),
  remove: (album: string) => request('DELETE', `/v1/albums/${album}`),
  photos: (album: string, cursor?: Cursor) => request<Page<Photo>>('GET', `/v1/albums/${album}/photos`, undefined, page(cursor)),
  add: (album: string, photo_ids: string[]) => request<unknown>('POST', `/v1/albums/${album}/photos`, { photo_ids }),
  takeOut: (album: string, photo_ids: string[]) => request<unknown>('DELETE', `/v1/albums/${album}/photos`, { photo_ids }),
  order: (album: string, photo_ids: string[]) => request<unknown>('PUT', `/v1/albums/${album}/order`, { photo_ids }),
};

export const photos = {
  list: (family: string, cursor?: Cursor) =>
    request<Page<Photo>>('GET', `/v1/families/${family}/photos`, undefined, page(cursor)),
  hearted: (family: string, cursor?: Cursor) =>
    request<Page<Photo>>('GET', `/v1/families/${family}/photos`, undefined, { ...page(cursor), hearted: true }),
  hidden: (family: string, cursor?: Cursor) =>
    request<Page<Photo>>('GET', `/v1/families/${family}/photos`, undefined, { ...page(cursor), hidden: true }),
  proposed: (family: string, cursor?: Cursor) =>
    request<Page<Photo>>('GET', `/v1/families/${family}/photos`, undefined, { ...page(cursor), removal_proposed: true }),
  trash: (family: string, cursor?: Cursor) =>
    request<Page<Photo>>('GET', `/v1/families/${family}/photos`, undefined, { ...page(cursor), state: 'trashed' }),
  timeline: (family: string) => request<Timeline>('GET', `/v1/families/${family}/timeline`),
  get: (photo: string) => request<Photo>('GET', `/v1/photos/${photo}`),
  change: (photo: string, patch: PhotoPatch) => request<unknown>('PATCH', `/v1/photos/${photo}`, patch),
  trashOne: (photo: string) => request('DELETE', `/v1/photos/${photo}`),
  restore: (photo: string) => request<unknown>('POST', `/v1/photos/${photo}/restore`),
  heart: (photo: string, on: boolean) => request<unknown>(on ? 'PUT' : 'DELETE', `/v1/photos/${photo}/heart`),
  hide: (photo: string, on: boolean) => request<unknown>(on ? 'PUT' : 'DELETE', `/v1/photos/${photo}/hidden`),
  /** Declines what the parents proposed. */
  keep: (photo: string) => request<unknown>('DELETE', `/v1/photos/${photo}/removal`),
  comments: (photo: string) => listOf<Comment>(`/v1/photos/${photo}/comments`),
  comment: (photo: string, text: string) => request<Comment>('POST', `/v1/photos/${photo}/comments`, { text }),
  /** `voice` is at most 1 MiB of `mediaType`; `text` may be empty. */
  commentAloud: (photo: string, voice: Blob, mediaType: string, text: string) =>
    sendBytes<Comment>(`/v1/photos/${photo}/comments/voice`, voice, mediaType, { text: text === '' ? undefined : text }),
  removeComment: (comment: string) => request('DELETE', `/v1/comments/${comment}`),
  voice: (comment: string) => requestBytes(`/v1/comments/${comment}/voice`),
  check: (family: string, digests: CheckItem[]) =>
    request<CheckAnswer>('POST', `/v1/families/${family}/photos/check`, { digests }),
};

export const frames = {
  list: (family: string) => listOf<Frame>(`/v1/families/${family}/frames`),
  pair: (family: string, user_code: string, name: string) =>
    request<Frame>('POST', `/v1/families/${family}/frames`, { user_code, name }),
  change: (family: string, frame: string, patch: FramePatch) =>
    request<unknown>('PATCH', `/v1/families/${family}/frames/${frame}`, patch),
  remove: (family: string, frame: string) => request('DELETE', `/v1/families/${family}/frames/${frame}`),
  picture: (family: string, frame: string) => requestBytes(`/v1/families/${family}/frames/${frame}/picture`),
  command: (family: string, frame: string, action: FrameAction) =>
    request<unknown>('POST', `/v1/families/${family}/frames/${frame}/commands`, { action }),
};

/** Lists that are short by nature, read whole. */
async function listOf<Item>(path: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: Cursor;
  do {
    const answer = await request<Page<Item>>('GET', path, undefined, { limit: 200, cursor: cursor ?? undefined });
    items.push(...answer.items);
    cursor = answer.next_cursor;
  } while (cursor);
  return items;
}
