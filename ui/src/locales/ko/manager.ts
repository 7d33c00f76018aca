// 자녀용 앨범 관리 화면의 말.
import type { manager as en } from '../en/manager';

export const manager: typeof en = {
  title: '가족 앨범',
};
