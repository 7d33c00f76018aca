// 사진이 한 장씩 지나갈 때 하는 말.
import type { slideshow as en } from '../en/slideshow';

export const slideshow: typeof en = {
  newFrom: (name: string) => `${name}에게서 온 새 사진`,
  newPhoto: '새로 온 사진',
  people: (names: string[], more: number) => (more > 0 ? `${names.join(', ')} 외 ${more}명` : names.join(', ')),
  withHeart: '하트를 준 사진',
  saidBy: (name: string) => `${name}:`,
  someone: '가족',
  spoken: '목소리를 남겼어요',
  listen: '들어 보기',
  listenTo: (name: string) => `${name} 목소리 들어 보기`,
  stopListening: '그만 듣기',
  soundOn: '소리 켜기',
  soundOff: '소리 끄기',

  hide: '사진 숨기기',
  hidden: '사진을 숨겼어요',
  undo: '되돌리기',
  askToDelete: '지우기 부탁',
  asked: '자녀에게 지워 달라고 전할게요',

  wake: '화면 켜기',
  birthday: (names: string) => `오늘은 ${names} 생일이에요`,
  clockUnset: '시계를 맞추는 중이에요. 사진은 그대로 볼 수 있어요.',
  troubleNumber: (number: number) => `번호 ${number}`,
};
