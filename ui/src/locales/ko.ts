// Everything Picup says in Korean.
import type { en } from './en';import { common } from './ko/common';
import { errors } from './ko/errors';
import { frame } from './ko/frame';
import { manager } from './ko/manager';

export const ko: typeof en = { common, errors, frame, manager };
