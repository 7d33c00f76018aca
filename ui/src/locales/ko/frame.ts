// 액자 화면의 말.
import type { frame as en } from '../en/frame';

export const frame: typeof en = {
  title: '사진 액자',
};
