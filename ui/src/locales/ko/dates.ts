// 날짜를 말하는 법: 눈으로 읽는 그대로.
import type { dates as en } from '../en/dates';

export const dates: typeof en = {
  today: '오늘',
  yesterday: '어제',
  dayBeforeYesterday: '그저께',
  thisWeek: (weekday: string) => `이번 주 ${weekday}`,
  lastWeek: (weekday: string) => `지난주 ${weekday}`,
  lastWeekLongAgo: (weekday: string) => `지난주 ${weekday}`,
  thisMonth: '이번 달',
  lastMonth: '지난달',
  yearsAgoToday: (years: number) => (years === 1 ? '작년 오늘' : `${years}년 전 오늘`),
  season: {
    spring: (when: string) => `${when} 봄`,
    summer: (when: string) => `${when} 여름`,
    autumn: (when: string) => `${when} 가을`,
    winter: (when: string) => `${when} 겨울`,
  },
  thisYear: '올해',
  lastYear: '작년',
  beforeNoon: (time: string) => `오전 ${time}`,
  afterNoon: (time: string) => `오후 ${time}`,
};
