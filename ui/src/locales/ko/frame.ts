// 액자 화면의 말.
import type { frame as en } from '../en/frame';

export const frame: typeof en = {
  title: '사진 액자',

  welcomeTitle: '우리 가족 사진 액자예요',
  welcomeScan: '휴대전화 카메라로 네모 그림을 비춰 주세요.',
  welcomeAsk: '자녀에게 아래 주소를 열고 코드를 넣어 달라고 해도 돼요.',
  welcomeWait: '그다음부터는 사진이 저절로 나와요.',
  welcomeCode: '코드',
  welcomeQr: '휴대전화에서 연결 화면을 여는 네모 그림',
  welcomeNoNetwork: '아직 인터넷에 연결되지 않았어요. 액자가 계속 다시 해 볼게요.',
  welcomePreparing: '액자를 준비하고 있어요. 잠시만 기다려 주세요.',

  emptyTitle: '액자가 준비됐어요',
  emptyWaiting: '가족이 사진을 올리면 여기에 바로 나와요.',
  emptyComing: (cached: number, wanted: number) => `사진이 오고 있어요. ${wanted}장 중에 ${cached}장이 왔어요.`,
  starting: '잠시만 기다려 주세요.',

  buttons: '이 사진으로 할 수 있는 일',
  back: '이전',
  forward: '다음',
  heart: '하트',
  unheart: '하트 취소',
  albums: '앨범',
  pause: '멈춤',
  play: '계속',
  paused: '멈춰 있어요',

  photoOf: (date: string) => `사진, ${date}`,
  photo: '사진',
  heartGiven: '가족에게 마음을 전할게요',
  heartTaken: '하트를 거뒀어요',

  shelfTitle: '앨범',
  shelfEmpty: '아직 앨범이 없어요. 자녀가 휴대전화로 만들 수 있어요.',
  toPhotos: '사진으로 돌아가기',
  toShelf: '앨범 모두 보기',
  albumEmpty: '아직 비어 있는 앨범이에요.',
  albumAway: '지금은 이 앨범을 열 수 없어요.',
  pageBack: '앞 장으로',
  pageForward: '다음 장으로',
  pageOf: (page: number, pages: number) => `${page} / ${pages}`,
  showPhoto: (position: number) => `${position}번째 사진 보기`,
  showPhotoOf: (position: number, caption: string) => `${position}번째 사진 보기: ${caption}`,
  shelfUp: '위 칸 보기',
  shelfDown: '아래 칸 보기',

  arrived: (count: number) => `새 사진이 ${count}장 왔어요`,
  messageFrom: '가족이 보낸 말',
  messageRead: '잘 읽었어요',

  importCopying: (left: number) => `사진을 옮기고 있어요. ${left}장 남았어요`,
  importSending: (left: number) => `사진 ${left}장을 앨범에 넣고 있어요`,
  importDone: (count: number) => `사진 ${count}장을 넣었어요`,
  importSetAside: (count: number) => `파일 ${count}개는 넣지 못했어요. 자녀가 까닭을 볼 수 있어요.`,
  importDiskFull: '액자가 가득 찼어요. 자리가 나면 이어서 할게요.',
  importOffline: '사진은 잘 두었다가 인터넷이 되면 보낼게요.',
  importServerFull: '가족 앨범이 가득 찼어요. 자녀에게 알려 주세요.',
  offline: '인터넷이 끊겼어요. 사진은 그대로 볼 수 있어요.',
};
