// Everything Picup says in English.
import { common } from './en/common';
import { errors } from './en/errors';
import { frame } from './en/frame';
import { manager } from './en/manager';

export const en = { common, errors, frame, manager };
