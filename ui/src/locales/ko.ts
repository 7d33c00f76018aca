// Everything Picup says in Korean.
import type { en } from './en';import { common } from './ko/common';
import { dates } from './ko/dates';
import { errors } from './ko/errors';
import { frame } from './ko/frame';
import { manager } from './ko/manager';
import { slideshow } from './ko/slideshow';

export const ko: typeof en = { common, dates, errors, frame, manager, slideshow };
