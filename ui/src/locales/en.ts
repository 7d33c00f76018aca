// Everything Picup says in English.
import { common } from './en/common';
import { dates } from './en/dates';
import { errors } from './en/errors';
import { frame } from './en/frame';
import { manager } from './en/manager';
import { slideshow } from './en/slideshow';

export const en = { common, dates, errors, frame, manager, slideshow };
