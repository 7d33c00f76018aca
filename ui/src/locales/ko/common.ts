// 두 화면이 함께 쓰는 말.
import type { common as en } from '../en/common';

export const common: typeof en = {
  appName: '픽업',
  cancel: '취소',
  close: '닫기',
  save: '저장',
  done: '완료',
  remove: '빼기',
  retry: '다시 시도',
  loading: '잠시만요…',
  offline: '연결이 끊겼어요. 저절로 이어져요.',
  photos: (count: number) => `사진 ${count}장`,
  decade: (year: number) => `${year}년대`,
  dateUnknown: '날짜 모름',
  justNow: '방금',
};
